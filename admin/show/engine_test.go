package show_test

import (
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
)

// Each sort of change between two drafts is said in German.
func TestChangesInGerman(t *testing.T) {
	s := &speaker{T: t, said: map[string]bool{}}
	was := commanded(t, studio.Empty("visit"),
		studio.Command{Do: "add", Kind: studio.ShortText, Label: "site"},
		studio.Command{Do: "add", Kind: studio.Number, Label: "hours"},
		studio.Command{Do: "add", Kind: studio.ChoiceOfOne, Label: "status"},
		studio.Command{Do: "add-choice", Path: []string{"status"}, Label: "open"},
		studio.Command{Do: "add-choice", Path: []string{"status"}, Label: "done"},
		studio.Command{Do: "add", Kind: studio.LongText, Label: "notes"})
	is := commanded(t, was,
		studio.Command{Do: "set-title", From: "visit", Value: "call"},
		studio.Command{Do: "set", Path: []string{"hours"}, Setting: "maximum", Value: 24},
		studio.Command{Do: "set", Path: []string{"hours"}, Setting: "whole", Value: true},
		studio.Command{Do: "set", Path: []string{"site"}, Setting: "required", Value: true},
		studio.Command{Do: "set", Path: []string{"site"}, Setting: "help", Value: "where"},
		studio.Command{Do: "set-choice", Path: []string{"status"}, Value: "done", From: "done", Label: "finished"},
		studio.Command{Do: "add-choice", Path: []string{"status"}, Label: "waiting"},
		studio.Command{Do: "remove-choice", Path: []string{"status"}, Value: "open"},
		studio.Command{Do: "add", Kind: studio.Date, Label: "due"},
		studio.Command{Do: "move", Path: []string{"hours"}, After: ""},
		studio.Command{Do: "remove", Path: []string{"notes"}})
	for _, pair := range [][2]*studio.Draft{{was, is}, {is, was}} {
		for _, c := range studio.Compare(pair[0], pair[1]) {
			s.german(c.Says)
			s.german(c.Devices)
		}
	}
	if len(s.said) < 15 {
		t.Errorf("only %d sentences were said", len(s.said))
	}
}

// What the builder refuses, and what two people change at once, is said in German.
func TestRefusalsInGerman(t *testing.T) {
	s := &speaker{T: t, said: map[string]bool{}}
	d := commanded(t, studio.Empty("visit"), studio.Command{Do: "add", Kind: studio.Number, Label: "hours"})
	hours := []string{"hours"}
	for _, c := range []studio.Command{
		{Do: "set", Path: hours, Setting: "label", From: "hours", Value: ""},
		{Do: "set", Path: hours, Setting: "maximum", Value: "x"},
		{Do: "set", Path: hours, Setting: "label", From: "days", Value: "weeks"},
		{Do: "set-title", From: "call", Value: "trip"},
		{Do: "add", Kind: studio.ShortText, Label: ""}, {Do: "add", Kind: "none", Label: "x"}, {Do: "move", Path: []string{"gone"}, After: ""},
		{Do: "add-choice", Path: hours, Label: "x"}, {Do: "bring-back", Path: []string{"gone"}},
	} {
		if _, err := d.Do(c); err == nil {
			t.Errorf("%s is made", c.Do)
		} else {
			s.german(schema.OfError(err))
		}
	}
	if _, err := studio.Read([]byte("{")); err == nil || strings.Contains(schema.OfError(err).Text, err.Error()) {
		t.Errorf("%v cannot be said otherwise", err)
	}
	for _, role := range collections.Roles() {
		s.german(role.Says())
	}
}

func commanded(t *testing.T, d *studio.Draft, commands ...studio.Command) *studio.Draft {
	t.Helper()
	for _, c := range commands {
		next, err := d.Do(c)
		if err != nil {
			t.Fatalf("%s %v: %v", c.Do, c.Path, err)
		}
		d = next
	}
	return d
}
