package studio_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
)

// read reads a draft that must be JSON.
func read(t *testing.T, text string) *studio.Draft {
	t.Helper()
	d, err := studio.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// do makes a command that must not be refused.
func do(t *testing.T, d *studio.Draft, c studio.Command) *studio.Draft {
	t.Helper()
	next, err := d.Do(c)
	if err != nil {
		t.Fatalf("%+v: %s", c, err)
	}
	return next
}

// refused makes a command that must be refused, and gives the sentence.
func refused(t *testing.T, d *studio.Draft, c studio.Command) *studio.Refusal {
	t.Helper()
	_, err := d.Do(c)
	var refusal *studio.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("%+v is not refused: %v", c, err)
	}
	return refusal
}

// outline is the form in short: labels with their kinds, by section.
func outline(d *studio.Draft) string {
	var b strings.Builder
	for _, s := range d.Sections() {
		if s.Title != "" {
			b.WriteString("# " + s.Title + "; ")
		}
		for _, f := range s.Fields {
			writeOutline(&b, f)
		}
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func writeOutline(b *strings.Builder, f *studio.Field) {
	b.WriteString(f.Name() + " " + string(f.Kind))
	if len(f.Fields) > 0 {
		b.WriteString(" (")
		for _, sub := range f.Fields {
			writeOutline(b, sub)
		}
		b.WriteString(")")
	}
	b.WriteString("; ")
}

func workOrder(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "schema", "testdata", "work-order.json"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestRead_WorkOrder(t *testing.T) {
	d := read(t, string(workOrder(t)))
	if d.Schema() == nil {
		t.Fatal(d.Faults())
	}
	want := "Number number-series; What is to be done short-text; Priority choice; Status choice; Due date; Urgent yes-no; Assignee reference; " +
		"Contact email email; Visits counter; meterReading meter; firstSeen date; Notes long-text; Log long-text; Tags tags; " +
		"Parts rows (Part short-text; Quantity number; Remarks long-text; ); Readings other; Range other; " +
		"Site group (Street short-text; Zip short-text; Place location; ); Hours by person other; Answers other; Checklist other; Size other; " +
		"signedBy short-text; Anything other; Settings other; Created by other; Signature name other"
	if got := outline(d); got != want {
		t.Errorf("read as\n%s\nwant\n%s", got, want)
	}
	for _, f := range d.Fields() {
		if f.Why.String() == "" {
			t.Errorf("%s has no sentence", f.Name())
		}
	}
	if f := d.Field([]string{"status"}); !f.Merges[1].Chosen || f.Setting("merge") != "conflict" {
		t.Errorf("status merges by %v", f.Merges)
	}
}

// What is written is what was read, for people to read.
func TestJSON_KeepsOrderAndMeaning(t *testing.T) {
	d := read(t, string(workOrder(t)))
	var a, b any
	if json.Unmarshal(workOrder(t), &a) != nil || json.Unmarshal(d.JSON(), &b) != nil {
		t.Fatal("no JSON")
	}
	was, _ := json.Marshal(a)
	is, _ := json.Marshal(b)
	if string(was) != string(is) {
		t.Error("it means something else")
	}
	again := read(t, string(d.JSON()))
	if string(again.JSON()) != string(d.JSON()) {
		t.Error("written again it is another text")
	}
	parsed, err := schema.Parse(workOrder(t))
	if err != nil {
		t.Fatal(err)
	}
	// A published version has sorted keys and says the order of the form beside them.
	if got, want := outline(read(t, string(parsed.JSON()))), outline(d); got != want {
		t.Errorf("from a version it is read as\n%s\nwant\n%s", got, want)
	}
}

func TestRead_NoJSON(t *testing.T) {
	for text, at := range map[string][2]int{
		"{\n  \"é\": oops\n}":  {2, 8},
		"{\"a\":1,\n \"a\":2}": {2, 2},
		"{\"title\": \"x\"":    {1, 14},
		"":                     {1, 1},
	} {
		_, err := studio.Read([]byte(text))
		var wrong *studio.TextError
		if !errors.As(err, &wrong) {
			t.Fatalf("%q: %v", text, err)
		}
		if wrong.Line != at[0] || wrong.Column != at[1] {
			t.Errorf("%q: %s, want line %d, column %d", text, err, at[0], at[1])
		}
	}
}

// What is no type is read all the same, and each fault stands at its field and line.
func TestRead_Faults(t *testing.T) {
	d := read(t, `{"title":"X","type":"object","properties":{"hours":{"title":"Hours","type":"number","x-merge":"text"},"parts":{"type":"array","items":{"type":"object","properties":{"n":{"type":"number","maxLen":3}}}}}}`)
	if d.Schema() != nil || len(d.Faults()) == 0 {
		t.Fatal("it is a type")
	}
	n := d.Field([]string{"parts", "*", "n"})
	if len(n.Problems) != 1 || n.Problems[0].Path != "/properties/parts/items/properties/n/maxLen" {
		t.Errorf("the fault is not at its field: %v", d.Faults()[0])
	}
	line, column := d.Place(n.Problems[0].Path)
	lines := strings.Split(string(d.JSON()), "\n")
	if line > len(lines) || !strings.HasPrefix(string([]rune(lines[line-1])[column-1:]), `"maxLen"`) {
		t.Errorf("it is said to be at line %d, column %d of\n%s", line, column, d.JSON())
	}
	for _, text := range []string{"true", "[1]", "null", `"x"`, `{"properties":[1]}`, `{"properties":{"a":true,"b":1}}`, `{"type":"object","allOf":"x"}`} {
		d := read(t, text)
		if d.Fields(); d.Schema() != nil && text != "true" {
			t.Errorf("%s is a type", text)
		}
	}
}

func TestAdd_EveryKind(t *testing.T) {
	d := studio.Empty("Visit")
	for _, info := range studio.Kinds() {
		if info.Kind == studio.Section {
			continue
		}
		next := do(t, d, studio.Command{Do: "add", Kind: info.Kind, Label: "Größe: " + info.Title})
		f := next.Field(next.Last())
		if f == nil || f.Kind != info.Kind || f.Label != "Größe: "+info.Title {
			t.Fatalf("%s is read again as %+v", info.Kind, f)
		}
		if next.Schema() == nil || f.Why.String() == "" {
			t.Errorf("%s: %v", info.Kind, next.Faults())
		}
		if undo, ok := next.Undo(); !ok {
			t.Errorf("%s cannot be undone", info.Kind)
		} else if back := do(t, next, undo); string(back.JSON()) != string(d.JSON()) {
			t.Errorf("undone it is\n%s", back.JSON())
		}
	}
}

// A version's sorted keys are put into the order in which they are read best, and mean
// the same.
func TestFromVersion(t *testing.T) {
	text := workOrder(t)
	parsed, err := schema.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	d := studio.FromVersion(parsed)
	if got, want := outline(d), outline(read(t, string(text))); got != want {
		t.Errorf("it is read as\n%s\nwant\n%s", got, want)
	}
	again, err := schema.Parse(d.JSON())
	if err != nil || string(again.JSON()) != string(parsed.JSON()) {
		t.Errorf("it became another type: %v", err)
	}
	lines := strings.Split(string(d.JSON()), "\n")
	if !strings.Contains(lines[1], `"$schema"`) || !strings.Contains(string(d.JSON()), `"due": { "title": "Due", "type": "string", "format": "date" }`) {
		t.Errorf("it is written as\n%s", d.JSON())
	}
}

func TestAdd_NumbersByTheTitle(t *testing.T) {
	for title, want := range map[string]string{"Work order": "WO-{0000}", "Visit": "V-{0000}", "": "{0000}", "a b c d e f": "ABCD-{0000}"} {
		d := do(t, studio.Empty(title), studio.Command{Do: "add", Kind: studio.Series, Label: "Number"})
		if got := d.Field(d.Last()).Setting("serial"); got != want {
			t.Errorf("%q is numbered %v, want %s", title, got, want)
		}
	}
}
