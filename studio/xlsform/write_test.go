package xlsform_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/sheets"
	"github.com/fieldstack/fieldstack/studio/starters"
	"github.com/fieldstack/fieldstack/studio/xlsform"
)

// rewrite writes a type as a form and reads it again.
func rewrite(t *testing.T, name string, text []byte) (*xlsform.Form, []xlsform.Note) {
	t.Helper()
	var out bytes.Buffer
	notes, err := xlsform.Write(&out, name, text)
	if err != nil {
		t.Fatal(err)
	}
	b, err := sheets.Open(bytes.NewReader(out.Bytes()), int64(out.Len()), sheets.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if !xlsform.Is(b) {
		t.Fatal("it is no form")
	}
	form, err := xlsform.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return form, notes
}

// TestWhatAFormSaysComesBack: a form that was read is written and read as it was.
func TestWhatAFormSaysComesBack(t *testing.T) {
	for _, parts := range []map[string]string{nurse, inspection} {
		form, err := xlsform.Read(book(t, plain(parts)))
		if err != nil {
			t.Fatal(err)
		}
		again, notes := rewrite(t, "form", form.Schema)
		if len(notes) > 0 {
			t.Error("notes of the writer:", notes)
		}
		var a, b any
		if err := json.Unmarshal(form.Schema, &a); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(again.Schema, &b); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a, b); diff != "" {
			t.Error(diff)
		}
	}
}

// TestStartersBecomeForms: a form can be made of each, and what it has no place for is
// noted.
func TestStartersBecomeForms(t *testing.T) {
	for _, s := range starters.List() {
		text, _ := starters.Schema(s.Name)
		form, notes := rewrite(t, s.Name, text)
		if form.Title != s.Title || len(notes) == 0 {
			t.Errorf("%s is called %s; notes: %v", s.Title, form.Title, notes)
		}
	}
}
