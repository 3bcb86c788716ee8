package studio

import (
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// Change is one thing that differs between two drafts, or versions, in words.
type Change struct {
	Path []string // of the field, nil for the type
	Kind string   // new, gone, narrower, wider, refused, other
	Says schema.Sentence
	// Devices is what a device on the old version will feel; empty for nothing.
	Devices schema.Sentence
	Records int // that would break it, as Count found; 0 for none, or where nobody counted
}

// Compare says what differs from one draft to the next, in the order of the next one's
// form, the type itself first and what is gone last. Nil for nothing that anybody would
// notice.
func Compare(before, after *Draft) []Change {
	c := &comparison{before: before, after: after}
	c.ofType()
	after.each(c.field)
	before.each(func(f *Field) {
		if after.Field(f.Path) == nil && (len(f.Path) < 2 || c.holderStays(f.Path)) {
			c.add(f.Path, "gone", "%s is taken out. What records hold in it stays, and it can come back.", c.name(before, f))
		}
	})
	c.order()
	c.fromPlan()
	return c.list
}

// comparison collects changes.
type comparison struct {
	before, after *Draft
	list          []Change
}

func (c *comparison) add(path []string, kind, text string, args ...any) {
	c.list = append(c.list, Change{Path: path, Kind: kind, Says: schema.Says(text, args...)})
}

// holderStays reports whether the group or the rows around a field are still there:
// else the field went with them.
func (c *comparison) holderStays(path []string) bool {
	around := path[:len(path)-1]
	if around[len(around)-1] == "*" {
		around = around[:len(around)-1]
	}
	return c.after.Field(around) != nil
}

// name is what people call a field, with what it stands in.
func (c *comparison) name(d *Draft, f *Field) any {
	for i := len(f.Path) - 1; i > 0; i-- {
		if around := d.Field(f.Path[:i]); around != nil {
			return schema.Says("%s in %s", f.Name(), c.name(d, around))
		}
	}
	return f.Name()
}

func (c *comparison) ofType() {
	if was, is := c.before.Title(), c.after.Title(); was != is {
		c.add(nil, "other", "The type is now called %s; it was %s.", is, was)
	}
	if c.before.Description() != c.after.Description() {
		c.add(nil, "other", "The type is described anew.")
	}
	if c.before.Icon() != c.after.Icon() {
		c.add(nil, "other", "The type has another icon.")
	}
}

func (c *comparison) field(is *Field) {
	was := c.before.Field(is.Path)
	name := c.name(c.after, is)
	if was == nil {
		if len(is.Path) > 1 && c.before.Field(c.around(is.Path)) == nil {
			return // it came with what it stands in
		}
		c.new(is, name)
		return
	}
	if was.Name() != is.Name() {
		c.add(is.Path, "other", "%s is now called %s.", was.Name(), is.Name())
	}
	c.asked(was, is, name)
	if was.Kind != is.Kind {
		c.add(is.Path, "narrower", "%s was %s and is %s.", name, kindWords(was.Kind), kindWords(is.Kind))
		return
	}
	c.choices(was, is, name)
	c.settings(was, is, name)
	if was.Help != is.Help {
		c.add(is.Path, "other", "%s has another help text.", name)
	}
	if was.Section != is.Section {
		c.section(is, name)
	}
	if is.Kind == Other && !is.Elsewhere && string(was.Raw) != string(is.Raw) {
		c.add(is.Path, "narrower", "The rules of %s changed.", name)
	}
}

func (c *comparison) around(path []string) []string {
	around := path[:len(path)-1]
	if around[len(around)-1] == "*" {
		around = around[:len(around)-1]
	}
	return around
}

// sentence says a condition with the labels of a draft.
func sentence(d *Draft, c *schema.Condition) schema.Sentence {
	if c == nil {
		return schema.Sentence{}
	}
	return c.Sentence(d.parsed)
}

// choices compares what can be chosen.
func (c *comparison) choices(was, is *Field, name any) {
	find := func(list []Choice, v any) *Choice {
		for i := range list {
			if same(list[i].Value, v) {
				return &list[i]
			}
		}
		return nil
	}
	for _, one := range is.Choices {
		switch old := find(was.Choices, one.Value); {
		case old == nil && len(was.Choices) > 0:
			c.add(is.Path, "wider", "%s can also be %s.", name, one.Words())
		case old != nil && old.Words() != one.Words():
			c.add(is.Path, "other", "The choice %s of %s is now called %s.", old.Words(), name, one.Words())
		}
	}
	for _, one := range was.Choices {
		if len(is.Choices) > 0 && find(is.Choices, one.Value) == nil {
			c.add(is.Path, "narrower", "%s can no longer be %s.", name, one.Words())
		}
	}
	if len(was.Choices) == 0 && len(is.Choices) > 0 {
		c.add(is.Path, "narrower", "%s is now one of %d choices.", name, len(is.Choices))
	}
}

// settings compares all else that can be set.
func (c *comparison) settings(was, is *Field, name any) {
	for _, s := range InfoOf(is.Kind).Settings {
		before, after := was.Setting(s.Name), is.Setting(s.Name)
		if s.Name == "json" || s.Name == "merge" || same(before, after) {
			continue
		}
		title := s.words()
		kind := direction(s.Name, before, after)
		switch {
		case s.Input == "yesno" && after == true:
			c.add(is.Path, kind, "%s: “%s”.", name, title)
		case s.Input == "yesno":
			c.add(is.Path, kind, "%s: no longer “%s”.", name, title)
		case after == nil:
			c.add(is.Path, kind, "%s: no longer “%s” (it was %s).", name, title, told(before))
		case before == nil:
			c.add(is.Path, kind, "%s: “%s” is now %s.", name, title, told(after))
		default:
			c.add(is.Path, kind, "%s: “%s” is now %s; it was %s.", name, title, told(after), told(before))
		}
	}
}

// words names a setting.
func (s Setting) words() schema.Sentence {
	switch s.Name {
	case "min-length":
		return schema.Says("Characters at least")
	case "max-length":
		return schema.Says("Characters at most")
	case "min-items":
		return schema.Says("Entries at least")
	case "max-items":
		return schema.Says("Entries at most")
	}
	return schema.Says(s.Title)
}

// told is a setting's value within a sentence.
func told(v any) any {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		if v {
			return schema.Says("yes")
		}
		return schema.Says("no")
	}
	return canonical(v)
}

// direction says whether a setting allows more or less than before.
func direction(name string, before, after any) string {
	was, hadNumber := before.(float64)
	is, hasNumber := after.(float64)
	upper := strings.HasPrefix(name, "max")
	switch name {
	case "minimum", "maximum", "min-length", "max-length", "min-items", "max-items":
		switch {
		case !hadNumber:
			return "narrower"
		case !hasNumber || (is > was) == upper:
			return "wider"
		}
		return "narrower"
	case "pattern", "step", "unique", "whole":
		if after == nil {
			return "wider"
		}
		return "narrower"
	}
	return "other"
}

// order tells that fields that are in both stand in another order, once.
func (c *comparison) order() {
	keys := func(d, other *Draft) []string {
		var list []string
		d.each(func(f *Field) {
			if other.Field(f.Path) != nil {
				list = append(list, pathKey(f.Path))
			}
		})
		return list
	}
	if !slices.Equal(keys(c.before, c.after), keys(c.after, c.before)) {
		c.add(nil, "other", "The fields stand in another order.")
	}
}

// fromPlan adds what only schema.Compare knows: what may not be published, and what devices
// will feel.
func (c *comparison) fromPlan() {
	if c.before.parsed == nil || c.after.parsed == nil {
		return
	}
	for _, d := range schema.Compare(c.before.parsed, c.after.parsed).Changes {
		at := slices.IndexFunc(c.list, func(own Change) bool { return slices.Equal(own.Path, d.Path) && own.Kind != "other" })
		switch {
		case d.Refused:
			c.list = append(c.list, Change{Path: d.Path, Kind: "refused", Says: d.Message, Devices: d.Devices})
		case at >= 0 && c.list[at].Devices.IsEmpty():
			c.list[at].Devices = d.Devices
		case at < 0 && (d.Kind == "narrowed" || d.Kind == "required" || d.Kind == "widened") && !c.covered(d):
			kind := "narrower"
			if d.Kind == "widened" {
				kind = "wider"
			}
			c.list = append(c.list, Change{Path: d.Path, Kind: kind, Says: d.Message, Devices: d.Devices})
		}
	}
}

// covered reports whether a change of the rules of the record, or of a group or a row,
// is said already by the fields in it that are required by a condition, or new, or gone.
func (c *comparison) covered(d schema.Difference) bool {
	return slices.ContainsFunc(c.list, func(own Change) bool {
		return own.Kind != "other" && len(own.Path) > len(d.Path) && begins(own.Path, d.Path)
	})
}
