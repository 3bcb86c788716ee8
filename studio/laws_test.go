package studio_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
)

// TestLaws plays random commands on hand-written and empty drafts, with and without a
// published version, and holds each step against the laws of doc.go.
func TestLaws(t *testing.T) {
	order := workOrder(t)
	rapid.Check(t, func(t *rapid.T) {
		d := studio.Empty("Visit")
		if rapid.Bool().Draw(t, "work order") {
			var err error
			if d, err = studio.Read(order); err != nil {
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "published") {
				d = d.WithHistory(order)
			}
		}
		w := &lawWorld{T: t, born: map[string]studio.Kind{}}
		w.note(d)
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			d = w.play(d, w.command(d))
		}
	})
}

// lawWorld remembers what the laws speak of.
type lawWorld struct {
	*rapid.T
	born map[string]studio.Kind // the kind that each key had when it was first used
}

// play makes one command and checks what came of it.
func (w *lawWorld) play(d *studio.Draft, c studio.Command) *studio.Draft {
	next, err := d.Do(c)
	if err != nil {
		var refusal *studio.Refusal
		var clash *studio.Clash
		if !errors.As(err, &refusal) && !errors.As(err, &clash) || err.Error() == "" {
			w.Fatalf("%s: %v", textOf(c), err)
		}
		return d
	}
	if next.Schema() == nil {
		w.Fatalf("%s makes no type: %v\n%s", textOf(c), next.Faults()[0], next.JSON())
	}
	again, err := studio.Read(next.JSON())
	if err != nil || string(again.JSON()) != string(next.JSON()) {
		w.Fatalf("%s: read again it is another text: %v\n%s\n%s", textOf(c), err, next.JSON(), again.JSON())
	}
	w.untouched(d, next, c)
	w.moved(d, next, c)
	w.asksForNothingGone(next)
	w.undone(d, next, c)
	w.readBack(next, c)
	w.note(next)
	return next
}

// undone: what takes a command back makes the draft what it was.
func (w *lawWorld) undone(d, next *studio.Draft, c studio.Command) {
	undo, ok := next.Undo()
	if !ok {
		if string(next.JSON()) != string(d.JSON()) {
			w.Fatalf("%s cannot be undone", textOf(c))
		}
		return
	}
	// As a form post carries it.
	var posted studio.Command
	if err := json.Unmarshal([]byte(textOf(undo)), &posted); err != nil {
		w.Fatal(err)
	}
	back, err := next.Do(posted)
	if err != nil {
		w.Fatalf("%s is not undone: %v", textOf(c), err)
	}
	if diff := cmp.Diff(string(d.JSON()), string(back.JSON())); diff != "" {
		w.Fatalf("%s, undone:\n%s", textOf(c), diff)
	}
}

// untouched: a command changes nothing but what it is about.
func (w *lawWorld) untouched(d, next *studio.Draft, c studio.Command) {
	about := c.Path
	if c.Do == "add" || c.Do == "duplicate" {
		about = next.Last()
	}
	moves := c.Do == "move-into" || c.Do == "duplicate-into"
	eachField(d.Fields(), func(f *studio.Field) {
		if related(f.Path, about) && c.Do != "duplicate-into" || moves && related(f.Path, next.Last()) {
			return
		}
		is := next.Field(f.Path)
		if is == nil {
			w.Fatalf("%s takes %v away", textOf(c), f.Path)
		}
		if diff := cmp.Diff(shown(f, c), shown(is, c)); diff != "" {
			w.Fatalf("%s changes %v:\n%s", textOf(c), f.Path, diff)
		}
	})
}

// moved: a field that moved is what it was, under another path that nothing had, and what
// is inside it moved along. What was published stays where it is.
func (w *lawWorld) moved(d, next *studio.Draft, c studio.Command) {
	if c.Do != "move-into" && c.Do != "duplicate-into" || slices.Equal(c.Path, next.Last()) {
		return
	}
	if d.Field(next.Last()) != nil {
		w.Fatalf("%s takes the place of another field, %v", textOf(c), next.Last())
	}
	was := d.Field(c.Path)
	if c.Do == "move-into" && (was.Published || next.Field(c.Path) != nil) {
		w.Fatalf("%s: %v is still there, or was published", textOf(c), c.Path)
	}
	eachField([]*studio.Field{was}, func(f *studio.Field) {
		to := slices.Concat(next.Last(), f.Path[len(c.Path):])
		is := next.Field(to)
		if is == nil {
			w.Fatalf("%s loses %v", textOf(c), f.Path)
		}
		like := shown(f, c)
		got := shown(is, c)
		for _, follows := range []string{"section", "required-when", "when"} { // of its place, and of what it asks
			delete(like, follows)
			delete(got, follows)
		}
		if c.Do == "duplicate-into" {
			delete(like, "label")
			delete(got, "label")
			like["choices"] = unpublished(f.Choices)
			like["settings"], got["settings"] = ofAnyPlace(f.Settings), ofAnyPlace(is.Settings)
		} else if (f.When == nil) != (is.When == nil) || (f.RequiredWhen == nil) != (is.RequiredWhen == nil) {
			w.Fatalf("%s loses a condition of %v", textOf(c), f.Path)
		}
		if diff := cmp.Diff(like, got); diff != "" {
			w.Fatalf("%s changes %v:\n%s", textOf(c), f.Path, diff)
		}
		if c.Do == "move-into" {
			delete(w.born, strings.Join(f.Path, "/"))
		}
	})
}

// ofAnyPlace are the settings that a field can have inside rows too.
func ofAnyPlace(settings map[string]any) map[string]any {
	settings = maps.Clone(settings)
	delete(settings, "index")
	delete(settings, "unique")
	return settings
}

// unpublished are the choices of a copy.
func unpublished(list []studio.Choice) []studio.Choice {
	list = slices.Clone(list)
	for i := range list {
		list[i].Published = false
	}
	return list
}

// shown is what a field shows, but for what follows from its place.
func shown(f *studio.Field, c studio.Command) map[string]any {
	is := map[string]any{
		"kind": f.Kind, "label": f.Label, "help": f.Help, "settings": f.Settings, "choices": f.Choices,
		"required": f.Required, "required-when": textOf(f.RequiredWhen), "when": textOf(f.When), "why": f.Why,
	}
	if c.Do != "set-section" && c.Kind != studio.Section && !f.Elsewhere {
		is["section"] = f.Section
	}
	return is
}

// asksForNothingGone: no record lacks a field that is in the tray.
func (w *lawWorld) asksForNothingGone(d *studio.Draft) {
	for _, p := range d.Schema().Validate(map[string]any{}) {
		for _, r := range d.Tray() {
			if len(r.Path) == 1 && p.Path == "/"+r.Path[0] {
				w.Fatalf("%s, which was removed, is asked for: %s\n%s", r.Path[0], p.Message, d.JSON())
			}
		}
	}
}

func related(a, b []string) bool {
	n := min(len(a), len(b))
	return n > 0 && slices.Equal(a[:n], b[:n])
}

// readBack: what was set is read again as it was set.
func (w *lawWorld) readBack(next *studio.Draft, c studio.Command) {
	f := next.Field(c.Path)
	if f == nil {
		return
	}
	switch c.Do {
	case "set":
		want := c.Value
		if want == "" || want == false && c.Setting != "default" {
			want = nil
		}
		if got := f.Setting(c.Setting); textOf(got) != textOf(want) && c.Setting != "json" {
			if c.Setting == "merge" && want == nil {
				return
			}
			w.Fatalf("%s is read again as %s", textOf(c), textOf(got))
		}
	case "set-condition":
		if textOf(f.When) != conditionText(c.Value) {
			w.Fatalf("%s is read again as %s", textOf(c), textOf(f.When))
		}
	case "set-required-when":
		if textOf(f.RequiredWhen) != conditionText(c.Value) && textOf(c.Value) != "true" {
			w.Fatalf("%s is read again as %s", textOf(c), textOf(f.RequiredWhen))
		}
	}
}

// note: a key, once used, never comes back as something else.
func (w *lawWorld) note(d *studio.Draft) {
	eachField(d.Fields(), func(f *studio.Field) {
		key := strings.Join(f.Path, "/")
		// Asking for whole numbers of a number, or for several references, is still the same.
		if was, used := w.born[key]; used && was != f.Kind {
			w.Fatalf("the key %s was a %s and is a %s", key, was, f.Kind)
		}
		w.born[key] = f.Kind
	})
}

func eachField(list []*studio.Field, f func(*studio.Field)) {
	for _, one := range list {
		f(one)
		eachField(one.Fields, f)
	}
}

func textOf(v any) string {
	switch v := v.(type) {
	case *schema.Condition:
		if v == nil {
			return "null"
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// conditionText is a condition in its one form.
func conditionText(v any) string {
	text := textOf(v)
	if c, err := schema.ParseCondition([]byte(text)); err == nil && v != nil {
		return textOf(c)
	}
	return text
}

// command draws a command that may or may not fit the draft.
func (w *lawWorld) command(d *studio.Draft) studio.Command {
	var paths [][]string
	holders := [][]string{nil}
	eachField(d.Fields(), func(f *studio.Field) {
		paths = append(paths, f.Path)
		if into := f.Into(); into != nil {
			holders = append(holders, into)
		}
	})
	for _, r := range d.Tray() {
		paths = append(paths, r.Path)
	}
	dos := []string{"add", "add", "add", "set", "set", "set", "set", "move", "move-into", "move-into", "duplicate-into", "remove", "bring-back", "duplicate", "add-choice", "set-choice", "move-choice", "remove-choice", "set-condition", "set-required-when", "set-section", "section"}
	c := studio.Command{Do: rapid.SampledFrom(dos).Draw(w.T, "do")}
	if len(paths) > 0 && c.Do != "add" && c.Do != "section" {
		c.Path = rapid.SampledFrom(paths).Draw(w.T, "path")
	}
	switch c.Do {
	case "add":
		c.Path = rapid.SampledFrom(holders).Draw(w.T, "into")
		c.Kind = rapid.SampledFrom(kinds()).Draw(w.T, "kind")
		c.Label = w.label()
		c.After = w.after(d, c.Path)
	case "section":
		c = studio.Command{Do: "set-section"}
		sections := d.Sections()
		if len(sections) > 0 {
			c.From = rapid.SampledFrom(sections).Draw(w.T, "section").Title
		}
		if rapid.Bool().Draw(w.T, "rename") {
			c.Value = w.label()
		}
	default:
		w.fill(d, &c)
	}
	return c
}

func kinds() []studio.Kind {
	var list []studio.Kind
	for _, info := range studio.Kinds() {
		list = append(list, info.Kind)
	}
	return list
}

func (w *lawWorld) label() string {
	return rapid.SampledFrom([]string{"Name", "Part number", "Größe", "日本", "3 phases", "\"<b>\"", "Notes", "Other things"}).Draw(w.T, "label")
}

// after draws a sibling to stand after, the first place, or the last.
func (w *lawWorld) after(d *studio.Draft, into []string) any {
	list := []any{nil, ""}
	eachField(d.Fields(), func(f *studio.Field) {
		if slices.Equal(f.Path[:len(f.Path)-1], into) && !f.Elsewhere {
			list = append(list, f.Key())
		}
	})
	return rapid.SampledFrom(list).Draw(w.T, "after")
}

// fill draws the rest of a command about a field.
func (w *lawWorld) fill(d *studio.Draft, c *studio.Command) {
	f := d.Field(c.Path)
	if f == nil {
		return
	}
	switch c.Do {
	case "set":
		names := []string{"label", "help", "required"}
		for _, s := range studio.InfoOf(f.Kind).Settings {
			names = append(names, s.Name)
		}
		c.Setting = rapid.SampledFrom(names).Draw(w.T, "setting")
		c.From = f.Setting(c.Setting)
		c.Value = rapid.SampledFrom([]any{nil, true, 0.0, 1.0, 3.0, -2.5, "x", "register", "conflict", "max", "min", "person", "^[a-z]+$", "WO-{000}", "2026-03-09", "kWh"}).Draw(w.T, "value")
	case "move":
		c.After = w.after(d, c.Path[:len(c.Path)-1])
		if rapid.Bool().Draw(w.T, "to section") {
			title := w.label()
			c.Section = &title
		}
	case "move-into", "duplicate-into":
		holders := [][]string{nil}
		eachField(d.Fields(), func(f *studio.Field) {
			if into := f.Into(); into != nil {
				holders = append(holders, into)
			}
		})
		c.Into = rapid.SampledFrom(holders).Draw(w.T, "into")
		c.After = w.after(d, c.Into)
	case "duplicate":
		c.Label = rapid.SampledFrom([]string{"", "Name", "Copy"}).Draw(w.T, "label")
	case "add-choice", "set-choice", "move-choice", "remove-choice":
		w.fillChoice(f, c)
	case "set-condition":
		c.From, c.Value = f.When, w.condition(d, c.Path)
	case "set-required-when":
		c.From, c.Value = f.RequiredWhen, w.condition(d, c.Path)
	case "set-section":
		if rapid.Bool().Draw(w.T, "begin") {
			c.Value = w.label()
		}
	}
}

func (w *lawWorld) fillChoice(f *studio.Field, c *studio.Command) {
	c.Label = w.label()
	if c.Do == "add-choice" || len(f.Choices) == 0 {
		return
	}
	one := rapid.SampledFrom(f.Choices).Draw(w.T, "choice")
	c.Value, c.From = one.Value, one.Words()
	if c.Do == "move-choice" && rapid.Bool().Draw(w.T, "behind") {
		c.After = rapid.SampledFrom(f.Choices).Draw(w.T, "after").Value
	}
}

// condition draws a condition on a field that may be there.
func (w *lawWorld) condition(d *studio.Draft, path []string) any {
	if rapid.IntRange(0, 4).Draw(w.T, "no condition") == 0 {
		return nil
	}
	var keys []string
	eachField(d.Fields(), func(f *studio.Field) {
		if slices.Equal(f.Path[:len(f.Path)-1], path[:len(path)-1]) || len(f.Path) == 1 {
			keys = append(keys, strings.Join(f.Path[strings.Count(strings.Join(f.Path, "/"), "*"):], "."))
		}
	})
	c := fmt.Sprintf(`{"field":%s,%s}`, textOf(rapid.SampledFrom(keys).Draw(w.T, "field")),
		rapid.SampledFrom([]string{`"is":"done"`, `"empty":true`, `"empty":false`, `"is":true`, `"above":3`, `"in":["low","x"]`, `"has":"x"`, `"is":null`, `"not":"low"`, `"contains":"k"`, `"is":"$me"`}).Draw(w.T, "test"))
	var v any
	if err := json.Unmarshal([]byte(c), &v); err != nil {
		w.Fatal(err)
	}
	return v
}
