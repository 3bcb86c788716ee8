package recent

import (
	"testing"

	"github.com/fieldstack/fieldstack/templates/storytest"
)

func TestStories(t *testing.T) { storytest.Check(t, Stories()) }
