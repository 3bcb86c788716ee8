package types_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/templates/storytest"
	"github.com/fieldstack/fieldstack/templates/types"
)

func TestStories(t *testing.T) { storytest.Check(t, types.Stories()) }
