package condition_test

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/admin/condition"
	view "github.com/fieldstack/fieldstack/templates/condition"
)

func words() context.Context { return context.Background() }

// TestButtons presses the buttons of the editor one after the other, as a browser without
// script does, and types in between.
func TestButtons(t *testing.T) {
	m := condition.New(nil, order, "where")
	for _, step := range []struct {
		press string            // the value of the button
		type_ map[string]string // fields that are filled in before
		want  string            // the condition after, "": it is not finished
	}{
		{"add:", nil, ""},
		{"look", map[string]string{"where.0.field": "status"}, ""},
		{"look", map[string]string{"where.0.value": `"done"`}, `{"field":"status","is":"done"}`},
		{"look", map[string]string{"where.0.op": "not"}, `{"field":"status","not":"done"}`},
		{"group:", nil, ""},
		{"look", map[string]string{"where.1.0.field": "due", "where.1.0.op": "below-today"}, `{"all":[{"field":"status","not":"done"},{"any":[{"field":"due","below":"$today"}]}]}`},
		{"add:1", nil, ""},
		{"look", map[string]string{"where.1.1.op": "is-me"}, `{"all":[{"field":"status","not":"done"},{"any":[{"field":"due","below":"$today"},{"field":"title","is":"$me"}]}]}`},
		{"remove:1.0", map[string]string{"where.join": "none"}, `{"none":[{"field":"status","not":"done"},{"any":[{"field":"title","is":"$me"}]}]}`},
		{"remove:1.0", nil, `{"none":[{"field":"status","not":"done"}]}`},
		{"remove:7", nil, `{"none":[{"field":"status","not":"done"}]}`},
		{"remove:0", map[string]string{"where.join": "all"}, `true`},
	} {
		form := sent(t, m)
		for name, value := range step.type_ {
			form.Set(name, value)
		}
		form.Set("where.do", step.press)
		m = condition.Read(form, order, "where")
		if !m.Acted {
			t.Fatalf("%s: nothing was pressed", step.press)
		}
		c, ok := condition.Read(sent(t, m), order, "where").Condition()
		if got := string(marshal(c)); ok != (step.want != "") || ok && got != step.want {
			t.Errorf("%s: got %s (%v), want %s", step.press, got, ok, step.want)
		}
	}
}

// TestVariables holds that nobody has to read $me.
func TestVariables(t *testing.T) {
	for text, want := range map[string]string{
		`{"field":"title","is":"$me"}`: "is me", `{"field":"due","below":"$today"}`: "is before today", `{"field":"seen","above":"$now"}`: "is still to come",
		`{"field":"tags","has":"$me"}`: "has me", `{"field":"hours","is":null}`: "has no value",
	} {
		part := condition.New(parse(t, text), order, "where").View(words(), "", "").Root.Parts[0]
		if len(part.Ops) == 0 || part.Control != "" {
			t.Errorf("%s is shown as %+v", text, part)
		}
		for _, o := range part.Ops {
			if o.Chosen && o.Label != want {
				t.Errorf("%s is shown as %q, want %q", text, o.Label, want)
			}
		}
	}
}

// TestMistakes holds that what is missing is said beside the row, only once somebody
// wants it saved, and that what was typed stays.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ fields, fault, text string }{
		{"where.0.field=title&where.0.op=is&where.0.as=text&where.0.value=", "Type what to compare with.", ""},
		{"where.0.field=hours&where.0.op=above&where.0.as=number&where.0.value=many", "Type a number, such as 12.5.", "many"},
		{"where.0.field=due&where.0.op=is&where.0.as=day&where.0.value=2026-02-30", "Choose a day.", "2026-02-30"},
		{"where.0.field=seen&where.0.op=below&where.0.as=moment&where.0.value=", "Choose a day and a time.", ""},
		{"where.0.field=status&where.0.op=is&where.0.as=choice&where.0.value=%22gone%22", "Choose a value.", ""},
		{"where.0.field=status&where.0.op=in&where.0.as=choices", "Choose at least one value.", ""},
		{"where.0.field=title&where.0.op=in&where.0.as=texts&where.0.value=%0a", "Type what to compare with, one to a line.", "\n"},
		{"where.0.field=gone&where.0.op=is&where.0.as=text&where.0.value=x", "Choose a field: the one that was chosen is not there any more.", ""},
		{"where.0.field=urgent&where.0.op=contains&where.0.as=text&where.0.value=x", "Choose how to compare this field.", "x"},
		{"where.0.kept=%7B", "This part did not arrive whole: remove it and make it again.", ""},
	} {
		form, err := url.ParseQuery("where.join=all&" + c.fields)
		if err != nil {
			t.Fatal(err)
		}
		m := condition.Read(form, order, "where")
		before := m.View(words(), "", "").Root.Parts[0]
		if before.Error != "" && before.Kept == "" {
			t.Errorf("%s: %q is said before anybody asked", c.fields, before.Error)
		}
		if _, ok := m.Condition(); ok {
			t.Errorf("%s is a condition", c.fields)
		}
		part := m.View(words(), "", "").Root.Parts[0]
		if part.Error != c.fault || part.Text != c.text && part.Text != strings.TrimSpace(c.text) {
			t.Errorf("%s: said %q beside %q, want %q beside %q", c.fields, part.Error, part.Text, c.fault, c.text)
		}
	}
}

// TestFieldChanged holds that a comparison which another field had is asked for again,
// rather than another one saved for it.
func TestFieldChanged(t *testing.T) {
	form := sent(t, condition.New(parse(t, `{"field":"title","contains":"x"}`), order, "where"))
	form.Set("where.0.field", "urgent")
	m := condition.Read(form, order, "where")
	if c, ok := m.Condition(); ok {
		t.Errorf("it was taken for %s", marshal(c))
	}
	// Shown again, what is chosen there is what is meant.
	m = condition.Read(sent(t, m), order, "where")
	if c, ok := m.Condition(); !ok || string(marshal(c)) != `{"field":"urgent","is":true}` {
		t.Errorf("then it is %s (%v)", marshal(c), ok)
	}
}

// TestHostileForm holds that no form makes the editor large, or fail.
func TestHostileForm(t *testing.T) {
	form := url.Values{"where.join": {"all"}, "where.-1.join": {"all"}, "where.00.join": {"any"}, "where.9999999999999999999.join": {"any"}, "where.do": {"remove:99999999999999999999"}}
	deep := "where"
	for range 100 {
		deep += ".0"
		form.Set(deep+".join", "any")
	}
	for i := range 1000 {
		form.Set("where."+strconv.Itoa(i)+".field", "title")
	}
	m := condition.Read(form, order, "where")
	if _, ok := m.Condition(); ok {
		t.Error("what is too much was taken")
	}
	if n := count(m.View(words(), "", "").Root); n > 200 {
		t.Errorf("%d parts are shown", n)
	}
}

func count(p view.Part) int {
	n := 1
	for _, part := range p.Parts {
		n += count(part)
	}
	return n
}

// TestFocus holds that after a button the focus is at what it made, or beside what it
// took away.
func TestFocus(t *testing.T) {
	m := condition.New(nil, order, "where")
	for _, step := range []struct{ press, want string }{
		{"add:", "0"}, {"add:", "1"}, {"group:", "2.0"}, {"add:2", "2.1"}, {"look", ""},
		{"remove:0", "0"},     // what was behind it
		{"remove:1.1", "1.0"}, // what was before it
		{"remove:1.0", "0"},   // with it goes its group
		{"remove:0", "-"},     // only the button that adds is left
	} {
		form := sent(t, m)
		form.Set("where.do", step.press)
		m = condition.Read(form, order, "where")
		if got := focused(m.View(words(), "", "").Root); got != step.want {
			t.Errorf("%s: the focus is at %q, want %q", step.press, got, step.want)
		}
	}
}

// focused is the path of the part that has the focus, "-" for the whole, "" for none.
func focused(p view.Part) string {
	if p.Focus {
		return cmp.Or(p.Path, "-")
	}
	for _, sub := range p.Parts {
		if at := focused(sub); at != "" {
			return at
		}
	}
	return ""
}
