package studio_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
)

// visit is a small form that was made by commands.
func visit(t *testing.T) *studio.Draft {
	t.Helper()
	d := studio.Empty("Visit")
	d = do(t, d, studio.Command{Do: "add", Kind: studio.ChoiceOfOne, Label: "Status"})
	for _, label := range []string{"Open", "Waiting for parts", "Done"} {
		d = do(t, d, studio.Command{Do: "add-choice", Path: []string{"status"}, Label: label})
	}
	d = do(t, d, studio.Command{Do: "add", Kind: studio.ShortText, Label: "Part number"})
	d = do(t, d, studio.Command{Do: "add", Kind: studio.Number, Label: "Hours"})
	d = do(t, d, studio.Command{Do: "add", Kind: studio.Group, Label: "Site"})
	d = do(t, d, studio.Command{Do: "add", Kind: studio.ShortText, Label: "Gate", Path: []string{"site"}})
	d = do(t, d, studio.Command{Do: "add", Kind: studio.Rows, Label: "Parts"})
	d = do(t, d, studio.Command{Do: "add", Kind: studio.ShortText, Label: "Part", Path: []string{"parts", "*"}})
	return do(t, d, studio.Command{Do: "add", Kind: studio.YesNo, Label: "Broken", Path: []string{"parts", "*"}})
}

func path(keys ...string) []string { return keys }

func condition(t testing.TB, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// problems are the places of what a record breaks.
func problems(t *testing.T, d *studio.Draft, record string) string {
	t.Helper()
	var list []string
	for _, p := range d.Schema().Validate(condition(t, record).(map[string]any)) {
		list = append(list, p.Path+" "+p.Rule)
	}
	return strings.Join(list, ", ")
}

func TestKeys_AreMadeOnceAndNeverAgain(t *testing.T) {
	d := visit(t)
	d = do(t, d, studio.Command{Do: "set", Path: path("part_number"), Setting: "label", From: "Part number", Value: "Article"})
	if f := d.Field(path("part_number")); f.Label != "Article" {
		t.Fatalf("the label is %q", f.Label)
	}
	d = do(t, d, studio.Command{Do: "add", Kind: studio.Number, Label: "Part number"})
	if got := d.Last()[0]; got != "part_number_2" {
		t.Errorf("the second is %s", got)
	}
	d = do(t, d, studio.Command{Do: "remove", Path: path("hours")})
	d = do(t, d, studio.Command{Do: "add", Kind: studio.YesNo, Label: "Hours"})
	if got := d.Last()[0]; got != "hours_2" {
		t.Errorf("a key in the tray was given away: %s", got)
	}
	// Nor one that only an older version knows.
	old := `{"type":"object","properties":{"colour":{"title":"Colour","type":"string","maxLength":9}}}`
	d = visit(t).WithHistory([]byte(old), []byte(`{"type":"object","properties":{"x":{"type":"string"}}}`))
	d = do(t, d, studio.Command{Do: "add", Kind: studio.Number, Label: "Colour"})
	if got := d.Last()[0]; got != "colour_2" {
		t.Errorf("a published key was given away: %s", got)
	}
	tray := d.Tray()
	i := slices.IndexFunc(tray, func(r *studio.Removed) bool { return r.Path[0] == "colour" })
	if len(tray) != 2 || i < 0 || tray[i].Version != 1 || !tray[i].Published {
		t.Fatalf("the tray holds %v", tray)
	}
	d = do(t, d, studio.Command{Do: "bring-back", Path: path("colour")})
	if f := d.Field(path("colour")); f.Kind != studio.ShortText || f.Setting("max-length") != 9.0 {
		t.Errorf("it came back as %+v", f)
	}
	refused(t, d, studio.Command{Do: "bring-back", Path: path("colour")})
}

func TestTray_BringsAllBack(t *testing.T) {
	d := visit(t)
	when := condition(t, `{"field":"status","is":"waiting_for_parts"}`)
	d = do(t, d, studio.Command{Do: "set-required-when", Path: path("site", "gate"), Value: when})
	d = do(t, d, studio.Command{Do: "set", Path: path("site"), Setting: "required", Value: true})
	was := string(d.JSON())
	d = do(t, d, studio.Command{Do: "remove", Path: path("site")})
	if strings.Contains(outline(d), "Gate") || len(d.Tray()) != 1 || d.Tray()[0].Fields != 1 {
		t.Fatalf("%s; the tray holds %v", outline(d), d.Tray())
	}
	if got := problems(t, d, `{"status":"waiting_for_parts","site":{}}`); got != "" {
		t.Errorf("what is gone is asked for: %s", got)
	}
	if got := problems(t, d, `{}`); got != "" {
		t.Errorf("what is gone is required: %s", got)
	}
	d = do(t, d, studio.Command{Do: "bring-back", Path: path("site")})
	if got := string(d.JSON()); got != was {
		t.Errorf("it came back as\n%s\nwant\n%s", got, was)
	}
}

func TestRemove_KeepsWhatIsAskedFor(t *testing.T) {
	d := visit(t)
	d = do(t, d, studio.Command{Do: "set-condition", Path: path("part_number"), Value: condition(t, `{"field":"status","is":"open"}`)})
	if got := refused(t, d, studio.Command{Do: "remove", Path: path("status")}).Message; got.String() != "Part number asks for Status: change that condition first." {
		t.Error(got)
	}
	published := d.WithHistory(d.JSON())
	refused(t, published, studio.Command{Do: "remove", Path: path("hours"), Forget: true})
	if d = do(t, d, studio.Command{Do: "remove", Path: path("hours"), Forget: true}); len(d.Tray()) != 0 {
		t.Error("a forgotten field is in the tray")
	}
}

// A hidden field never blocks: it is required only while it is shown.
func TestRequired_OnlyWhileShown(t *testing.T) {
	d := visit(t)
	d = do(t, d, studio.Command{Do: "set", Path: path("part_number"), Setting: "required", Value: true})
	if got := problems(t, d, `{}`); got != "/part_number required" {
		t.Fatal(got)
	}
	waiting := condition(t, `{"field":"status","is":"waiting_for_parts"}`)
	d = do(t, d, studio.Command{Do: "set-condition", Path: path("part_number"), Value: waiting})
	if f := d.Field(path("part_number")); !f.Required || f.RequiredWhen != nil {
		t.Errorf("read as %+v", f)
	}
	for record, want := range map[string]string{
		`{}`:                             "",
		`{"status":"done"}`:              "",
		`{"status":"waiting_for_parts"}`: "/part_number required",
		`{"status":"waiting_for_parts","part_number":"x"}`: "",
	} {
		if got := problems(t, d, record); got != want {
			t.Errorf("%s: %q, want %q", record, got, want)
		}
	}
	// And of a group that is hidden, what is inside.
	d = do(t, d, studio.Command{Do: "set-required-when", Path: path("site", "gate"), Value: condition(t, `{"field":"hours","above":3}`)})
	d = do(t, d, studio.Command{Do: "set-condition", Path: path("site"), Value: condition(t, `{"field":"status","is":"open"}`)})
	for record, want := range map[string]string{
		`{"status":"open","hours":4,"site":{}}`: "/site/gate required",
		`{"status":"done","hours":4,"site":{}}`: "",
		`{"status":"open","hours":3,"site":{}}`: "",
	} {
		if got := problems(t, d, record); got != want {
			t.Errorf("%s: %q, want %q", record, got, want)
		}
	}
	// And of rows, each by its own fields, in a table that is itself hidden.
	d = do(t, d, studio.Command{Do: "set-required-when", Path: path("parts", "*", "part"), Value: condition(t, `{"field":"broken","is":true}`)})
	d = do(t, d, studio.Command{Do: "set-condition", Path: path("parts"), Value: condition(t, `{"field":"status","not":"done"}`)})
	for record, want := range map[string]string{
		`{"parts":[{"broken":true},{"broken":false}]}`:                 "/parts/0/part required",
		`{"status":"done","parts":[{"broken":true},{"broken":false}]}`: "",
	} {
		if got := problems(t, d, record); got != want {
			t.Errorf("%s: %q, want %q", record, got, want)
		}
	}
	d = do(t, d, studio.Command{Do: "set-condition", Path: path("parts"), From: d.Field(path("parts")).When})
	d = do(t, d, studio.Command{Do: "set-required-when", Path: path("parts", "*", "part"), From: d.Field(path("parts", "*", "part")).RequiredWhen})
	if got := problems(t, d, `{"parts":[{"broken":true}]}`); got != "" || strings.Contains(string(d.JSON()), "broken\":{\"const") {
		t.Errorf("the rule stays: %s\n%s", got, d.JSON())
	}
}

// What a condition is compiled to holds of a record exactly when the condition does.
func TestRequiredWhen_IsTheCondition(t *testing.T) {
	base := []byte(`{"type":"object","properties":{"f":{},"g":{"type":"object","properties":{"h":{}}},"asked":{"title":"Asked","type":"string"}}}`)
	rapid.Check(t, func(t *rapid.T) {
		d, err := studio.Read(base)
		if err != nil {
			t.Fatal(err)
		}
		c := drawCondition(t, 2)
		next, err := d.Do(studio.Command{Do: "set-required-when", Path: path("asked"), Value: c})
		var refusal *studio.Refusal
		if errors.As(err, &refusal) {
			return // it asks who looks, or for the later of two texts
		}
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := schema.ParseCondition([]byte(textOf(c)))
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			record := drawRecord(t)
			asked := false
			for _, p := range next.Schema().Validate(record) {
				asked = asked || p.Path == "/asked"
			}
			if want := parsed.Match(record); asked != want {
				t.Fatalf("%s of %s: required %v, the condition says %v\n%s", textOf(c), textOf(record), asked, want, next.JSON())
			}
		}
	})
}

func drawValue(t *rapid.T) any {
	return rapid.SampledFrom([]any{nil, true, false, 0.0, 1.0, 2.5, "", "a", "A", "Ka", "ka", "xkAy", "İ", "$", []any{}, []any{"a", 1.0}, []any{nil}, map[string]any{}, map[string]any{"h": "a"}}).Draw(t, "value")
}

func drawCondition(t *rapid.T, depth int) any {
	op := rapid.SampledFrom([]string{"all", "any", "none", "is", "not", "in", "above", "below", "from", "to", "has", "contains", "starts", "empty"}).Draw(t, "op")
	if op == "all" || op == "any" || op == "none" {
		subs := []any{}
		for range rapid.IntRange(0, depth).Draw(t, "subs") {
			subs = append(subs, drawCondition(t, depth-1))
		}
		return map[string]any{op: subs}
	}
	scalars := []any{nil, true, false, 0.0, 1.0, "", "a", "k", "ka", "i̇", "$", "$me"}
	var v any
	switch op {
	case "in":
		v = rapid.SliceOfN(rapid.SampledFrom(scalars), 0, 3).Draw(t, "values")
	case "above", "below", "from", "to":
		v = rapid.SampledFrom([]any{0.0, 1.0, "a"}).Draw(t, "bound")
	case "has":
		v = rapid.SampledFrom(scalars[1:]).Draw(t, "value")
	case "contains", "starts":
		v = rapid.SampledFrom([]any{"", "a", "k", "K", "i", "$"}).Draw(t, "text")
	case "empty":
		v = rapid.Bool().Draw(t, "empty")
	default:
		v = rapid.SampledFrom(scalars).Draw(t, "value")
	}
	return map[string]any{"field": rapid.SampledFrom([]string{"f", "g.h", "g", "f.h"}).Draw(t, "field"), op: v}
}

func TestClash(t *testing.T) {
	d := visit(t)
	mine := studio.Command{Do: "set", Path: path("hours"), Setting: "maximum", From: nil, Value: 24}
	theirs := do(t, d, studio.Command{Do: "set", Path: path("hours"), Setting: "maximum", Value: 12})
	_, err := theirs.Do(mine)
	var clash *studio.Clash
	if !errors.As(err, &clash) || clash.Theirs != 12.0 || clash.Mine != 24.0 || clash.From != nil || clash.Setting != "maximum" {
		t.Fatalf("got %v", err)
	}
	mine.From = clash.Theirs
	if got := do(t, theirs, mine).Field(path("hours")).Setting("maximum"); got != 24.0 {
		t.Errorf("who insists gets %v", got)
	}
	// The same wish twice is no clash, and neither are two settings of one field.
	do(t, theirs, studio.Command{Do: "set", Path: path("hours"), Setting: "maximum", Value: 12})
	do(t, theirs, studio.Command{Do: "set", Path: path("hours"), Setting: "minimum", Value: 1})
	relabelled := do(t, d, studio.Command{Do: "set-choice", Path: path("status"), Value: "done", From: "Done", Label: "Finished"})
	if _, err := relabelled.Do(studio.Command{Do: "set-choice", Path: path("status"), Value: "done", From: "Done", Label: "Closed"}); !errors.As(err, &clash) {
		t.Errorf("a label was overwritten: %v", err)
	}
}

// Two people who edit the whole text keep each other's work.
func TestReplace_KeepsWhatOthersDid(t *testing.T) {
	d := visit(t)
	seen := string(d.JSON())
	mine := strings.Replace(seen, `"title": "Hours"`, `"title": "Hours worked"`, 1)
	mine = strings.Replace(mine, `"title": "Part number",`, `"title": "Part number", "minLength": 3,`, 1)
	theirs := do(t, d, studio.Command{Do: "add", Kind: studio.Date, Label: "Due", After: "status"})
	theirs = do(t, theirs, studio.Command{Do: "set", Path: path("part_number"), Setting: "max-length", From: 200, Value: 40})
	got := do(t, theirs, studio.Command{Do: "replace", From: seen, Value: mine})
	if f := got.Field(path("part_number")); f.Setting("min-length") != 3.0 || f.Setting("max-length") != 40.0 || got.Field(path("due")) == nil || got.Field(path("hours")).Label != "Hours worked" {
		t.Errorf("it became\n%s", got.JSON())
	}
	if !strings.HasPrefix(outline(got), "Status choice; Due date; Part number") {
		t.Errorf("the order became %s", outline(got))
	}
	other := strings.Replace(seen, `"maxLength": 200`, `"maxLength": 7`, 1)
	var clash *studio.Clash
	if _, err := theirs.Do(studio.Command{Do: "replace", From: seen, Value: other}); !errors.As(err, &clash) || clash.Setting != "/properties/part_number/maxLength" {
		t.Errorf("got %v", err)
	}
	// What is no type yet is kept; what is no JSON is not.
	if broken := do(t, d, studio.Command{Do: "replace", From: seen, Value: `{"type":"object","properties":{"a":{"type":"strin"}}}`}); broken.Schema() != nil || len(broken.Field(path("a")).Problems) != 1 {
		t.Error("the fault is not shown")
	}
	var wrong *studio.TextError
	if _, err := d.Do(studio.Command{Do: "replace", From: seen, Value: "{\n  oops"}); !errors.As(err, &wrong) || wrong.Line != 2 {
		t.Errorf("got %v", err)
	}
}

func TestChoices_ValuesStay(t *testing.T) {
	d := visit(t)
	f := d.Field(path("status"))
	if len(f.Choices) != 3 || f.Choices[1].Value != "waiting_for_parts" || f.Choices[1].Label != "Waiting for parts" {
		t.Fatalf("the choices are %+v", f.Choices)
	}
	d = do(t, d, studio.Command{Do: "set-choice", Path: path("status"), Value: "waiting_for_parts", From: "Waiting for parts", Label: "On hold"})
	d = do(t, d, studio.Command{Do: "move-choice", Path: path("status"), Value: "done"})
	if f := d.Field(path("status")); f.Choices[0].Value != "done" || f.Choices[2].Label != "On hold" || f.Choices[2].Value != "waiting_for_parts" {
		t.Errorf("the choices are %+v", f.Choices)
	}
	refused(t, d, studio.Command{Do: "add-choice", Path: path("status"), Label: "on HOLD"})
	d = do(t, d, studio.Command{Do: "set", Path: path("status"), Setting: "default", Value: "open"})
	if got := refused(t, d, studio.Command{Do: "remove-choice", Path: path("status"), Value: "open"}).Message; got.String() != "Status starts as Open: change that first." {
		t.Error(got)
	}
	// A value that a version had is not given to another choice.
	d = d.WithHistory(d.JSON())
	d = do(t, d, studio.Command{Do: "remove-choice", Path: path("status"), Value: "done"})
	d = do(t, d, studio.Command{Do: "add-choice", Path: path("status"), Label: "Done"})
	if f := d.Field(path("status")); f.Choices[2].Value != "done_2" || f.Choices[0].Published != true || f.Choices[2].Published {
		t.Errorf("the choices are %+v", f.Choices)
	}
	// An enum stays one until a label says more than its value.
	e := read(t, `{"type":"object","properties":{"p":{"enum":["low","high"]}}}`)
	e = do(t, e, studio.Command{Do: "move-choice", Path: path("p"), Value: "high"})
	if !strings.Contains(string(e.JSON()), `"enum": ["high", "low"]`) {
		t.Errorf("it became\n%s", e.JSON())
	}
	e = do(t, e, studio.Command{Do: "set-choice", Path: path("p"), Value: "high", From: "High", Label: "Now!"})
	if !strings.Contains(string(e.JSON()), `{ "const": "high", "title": "Now!" }`) || strings.Contains(string(e.JSON()), "enum") {
		t.Errorf("it became\n%s", e.JSON())
	}
}

func TestSections(t *testing.T) {
	d := visit(t)
	d = do(t, d, studio.Command{Do: "add", Kind: studio.Section, Label: "Costs", After: "part_number"})
	want := "Status choice; Part number short-text; # Costs; Hours number; Site group (Gate short-text; ); Parts rows (Part short-text; Broken yes-no; )"
	if got := outline(d); got != want {
		t.Fatal(got)
	}
	d = do(t, d, studio.Command{Do: "add", Kind: studio.Section, Label: "Sign-off"})
	if got := outline(d); got != want+"; # Sign-off" {
		t.Errorf("an empty section: %s", got)
	}
	d = do(t, d, studio.Command{Do: "add", Kind: studio.Person, Label: "Checked by"})
	if f := d.Field(d.Last()); f.Section != "Sign-off" {
		t.Errorf("it stands under %q", f.Section)
	}
	if strings.Contains(string(d.JSON()), "x-sections") {
		t.Errorf("the list of headings stays\n%s", d.JSON())
	}
	d = do(t, d, studio.Command{Do: "set-section", From: "Costs", Value: "Money"})
	d = do(t, d, studio.Command{Do: "remove", Path: path("hours")})
	if f := d.Field(path("site")); f.Section != "Money" {
		t.Errorf("with its first field gone the heading is %q", f.Section)
	}
	d = do(t, d, studio.Command{Do: "bring-back", Path: path("hours")})
	if f := d.Field(path("hours")); f.Section != "Money" {
		t.Errorf("back it stands under %q", f.Section)
	}
	d = do(t, d, studio.Command{Do: "set-section", From: "Sign-off"})
	if f := d.Field(path("checked_by")); f.Section != "Money" {
		t.Errorf("without its heading it stands under %q", f.Section)
	}
	refused(t, d, studio.Command{Do: "set-section", From: "Sign-off", Value: "X"})
}

// What is published keeps its meaning, and the refusal says so.
func TestPublished(t *testing.T) {
	d := visit(t)
	d = d.WithHistory(d.JSON())
	if f := d.Field(path("hours")); !f.Published {
		t.Error("hours is not known to be published")
	}
	got := refused(t, d, studio.Command{Do: "set", Path: path("status"), Setting: "merge", From: "register", Value: "conflict"})
	if !strings.Contains(got.Message.String(), "merges as") {
		t.Error(got.Message)
	}
	do(t, visit(t), studio.Command{Do: "set", Path: path("status"), Setting: "merge", From: "register", Value: "conflict"})
}

func TestRefusals(t *testing.T) {
	d := visit(t)
	for _, c := range []struct {
		command     studio.Command
		field, says string
	}{
		{studio.Command{Do: "add", Kind: studio.Number, Label: "  "}, "label", "label first"},
		{studio.Command{Do: "add", Kind: "spaceship", Label: "x"}, "kind", "no kind"},
		{studio.Command{Do: "add", Kind: studio.Series, Label: "No", Path: path("parts", "*")}, "kind", "record itself"},
		{studio.Command{Do: "add", Kind: studio.Number, Label: "x", Path: path("hours")}, "path", "Nothing can be added"},
		{studio.Command{Do: "set", Path: path("hours"), Setting: "minimum", Value: "x"}, "minimum", "a number"},
		{studio.Command{Do: "set", Path: path("part_number"), Setting: "min-length", Value: 500}, "min-length", "above the most"},
		{studio.Command{Do: "set", Path: path("part_number"), Setting: "pattern", Value: "("}, "pattern", "does not run everywhere"},
		{studio.Command{Do: "set", Path: path("hours"), Setting: "default", Value: "x"}, "default", "would not be allowed"},
		{studio.Command{Do: "set", Path: path("hours"), Setting: "colour", Value: "x"}, "setting", "no setting"},
		{studio.Command{Do: "set", Path: path("gone"), Setting: "label", Value: "x"}, "", "somebody may have removed it"},
		{studio.Command{Do: "set-condition", Path: path("hours"), Value: condition(t, `{"field":"nothing","is":1}`)}, "condition", "nothing"},
		{studio.Command{Do: "set-condition", Path: path("hours"), Value: condition(t, `{"field":"hours","is":1}`)}, "condition", "by itself"},
		{studio.Command{Do: "set-required-when", Path: path("hours"), Value: condition(t, `{"field":"status","is":"$me"}`)}, "value", "who is looking"},
		{studio.Command{Do: "set-required-when", Path: path("hours"), Value: condition(t, `{"field":"status","above":3}`)}, "required-when", "Status"},
		{studio.Command{Do: "fly"}, "", "removed"},
	} {
		got := refused(t, d, c.command)
		if got.Field != c.field || !strings.Contains(got.Message.String(), c.says) {
			t.Errorf("%s: %q says %q, want %q: %q", textOf(c.command), got.Field, got.Message, c.field, c.says)
		}
	}
}

// Ensure a new field moves into a group and out of it with all that is said of it, and
// one that was published stays where it is.
func TestMoveInto(t *testing.T) {
	d := studio.Empty("Visit")
	for _, c := range []studio.Command{
		{Do: "add", Kind: studio.YesNo, Label: "Seen"},
		{Do: "add", Kind: studio.Group, Label: "Site"},
		{Do: "add", Kind: studio.ShortText, Label: "Name", Path: []string{"site"}},
		{Do: "add", Kind: studio.Rows, Label: "Goods"},
		{Do: "add", Kind: studio.ShortText, Label: "Name"},
		{Do: "set-condition", Path: []string{"name"}, Value: map[string]any{"field": "seen", "is": true}},
		{Do: "set-required-when", Path: []string{"name"}, Value: map[string]any{"field": "seen", "is": false}},
	} {
		d = do(t, d, c)
	}
	inside := do(t, d, studio.Command{Do: "move-into", Path: []string{"name"}, Into: []string{"site"}, After: ""})
	if got := strings.Join(inside.Last(), "/"); got != "site/name_2" {
		t.Errorf("it moved to %s, want site/name_2: the group has a name", got)
	}
	f := inside.Field(inside.Last())
	if f.When == nil || f.RequiredWhen == nil || inside.Field([]string{"name"}) != nil {
		t.Errorf("it came as %+v", f)
	}
	if inside.Field([]string{"site"}).Fields[0] != f {
		t.Error("it is not the first of the group")
	}
	refusedWith(t, refused(t, d, studio.Command{Do: "move-into", Path: []string{"name"}, Into: []string{"goods", "*"}}), "asks for what it cannot see from there")
	refusedWith(t, refused(t, d, studio.Command{Do: "move-into", Path: []string{"seen"}, Into: []string{"site"}}), "asks for Seen")
	refusedWith(t, refused(t, d, studio.Command{Do: "move-into", Path: []string{"site"}, Into: []string{"site"}}), "inside itself")
	refusedWith(t, refused(t, d, studio.Command{Do: "move-into", Path: []string{"name"}, Into: []string{"seen"}}), "Nothing can be added there")

	published := d.WithHistory(d.JSON())
	refusedWith(t, refused(t, published, studio.Command{Do: "move-into", Path: []string{"name"}, Into: []string{"site"}}), "Duplicate it to the new place instead")
	copied := do(t, published, studio.Command{Do: "duplicate-into", Path: []string{"name"}, Into: []string{"goods", "*"}})
	indexed := do(t, published, studio.Command{Do: "set", Path: []string{"name"}, Setting: "index", Value: true})
	do(t, indexed, studio.Command{Do: "duplicate-into", Path: []string{"name"}, Into: []string{"goods", "*"}})
	if f := copied.Field(copied.Last()); f.Label != "Name" || f.When != nil || f.RequiredWhen != nil {
		t.Errorf("the copy in the rows is %+v: it cannot ask for what is not in the row", f)
	}
}

// Ensure what the tray keeps of a group moves along with the group.
func TestMoveInto_Tray(t *testing.T) {
	d := studio.Empty("Visit")
	for _, c := range []studio.Command{
		{Do: "add", Kind: studio.Group, Label: "Site"}, {Do: "add", Kind: studio.Group, Label: "Place"},
		{Do: "add", Kind: studio.ShortText, Label: "Street", Path: []string{"place"}}, {Do: "add", Kind: studio.ShortText, Label: "Town", Path: []string{"place"}},
		{Do: "set", Path: []string{"place", "street"}, Setting: "required", Value: true},
		{Do: "remove", Path: []string{"place", "street"}},
		{Do: "move-into", Path: []string{"place"}, Into: []string{"site"}},
		{Do: "bring-back", Path: []string{"site", "place", "street"}},
	} {
		d = do(t, d, c)
	}
	if f := d.Field([]string{"site", "place", "street"}); f == nil || !f.Required {
		t.Errorf("the street came back as %+v", f)
	}
}

func refusedWith(t *testing.T, r *studio.Refusal, want string) {
	t.Helper()
	if !strings.Contains(r.Error(), want) {
		t.Errorf("it says %q, want %q in it", r.Error(), want)
	}
}
