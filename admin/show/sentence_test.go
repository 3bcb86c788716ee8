package show_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates/words"
)

func TestSentence(t *testing.T) {
	hours := schema.SaysOf(1, "%d hour", "%d hours")
	german := words.With(t.Context(), words.German)
	if got := show.Sentence(german, schema.Says("version %s", hours)); got != "Version 1 Stunde" {
		t.Errorf("%q", got)
	}
	if got := show.Sentence(t.Context(), schema.Says("version %s", hours)); got != "version 1 hour" {
		t.Errorf("%q", got)
	}
	if got := show.Sentence(german, schema.Verbatim("100% %d")); got != "100% %d" {
		t.Errorf("%q", got)
	}
}
