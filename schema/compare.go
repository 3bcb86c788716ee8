package schema

import (
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// Comparison is what a new version changes.
type Comparison struct {
	Changes []Difference `json:"changes"`
}

// Difference is one change from one version to the next.
type Difference struct {
	Path    []string `json:"path"`
	Kind    string   `json:"kind"` // added, removed, renamed, widened, narrowed, required, optional, strategy, type, reordered, described
	Message Sentence `json:"message"`
	Devices Sentence `json:"devices"` // what a device on the old version will feel; empty for nothing
	Refused bool     `json:"refused"` // may not be published: a field's strategy or kind of value changed, or a removed key came back as something else
}

// Refused lists the differences that forbid publishing.
func (c *Comparison) Refused() []Difference {
	var list []Difference
	for _, d := range c.Changes {
		if d.Refused {
			list = append(list, d)
		}
	}
	return list
}

// Compare gives the change from old to next, in the order of next's fields; what is
// only in old comes last in the object it was in. A field is the same field when it
// has the same path: keys never change.
func Compare(old, next *Schema) *Comparison {
	c := &comparer{}
	if old.Title() != next.Title() || old.Description() != next.Description() {
		c.add(nil, "described", Says("The type is called %q and described anew.", next.Title()), Sentence{})
	}
	c.rules(old.top, next.top)
	c.below(old.top, next.top)
	return &Comparison{Changes: c.changes}
}

// Returned lists the keys of next that an older version had and a later one had
// dropped, where they come back as something else than they were: a key keeps its
// meaning for ever. history is every published version, oldest first. All that it
// lists is refused.
func Returned(history []*Schema, next *Schema) []Difference {
	if len(history) == 0 {
		return nil
	}
	c := &comparer{}
	for _, f := range next.fields {
		if _, now := history[len(history)-1].at(f.Path); now {
			continue // Compare sees to it
		}
		for _, older := range slices.Backward(history) {
			if was, ok := older.at(f.Path); ok {
				is, _ := next.at(f.Path)
				c.returned(was, is)
				break
			}
		}
	}
	return c.changes
}

// at finds the field with exactly this path, "*" included.
func (s *Schema) at(path []string) (*field, bool) {
	f := s.top
	for _, key := range path {
		if f == nil {
			return nil, false
		}
		switch {
		case key != "*":
			f = f.named[key]
		case f.row != nil:
			f = f.row
		default:
			f = f.rest
		}
	}
	return f, f != nil
}

// What devices on the old version feel.
var (
	lateRules = Says(`Devices on the old version go by its rules until they have synced; what they enter is accepted, and listed under "needs attention" where it breaks the new ones.`)
	lateField = Says(`Devices on the old version make records without it until they have synced; these are accepted and listed under "needs attention".`)
	lateGone  = Says(`What it holds stays in the records. Devices on the old version can fill it in until they have synced.`)
	neverSafe = Says(`Devices on the old version write changes that the new one could not merge.`)
)

// comparer collects differences.
type comparer struct{ changes []Difference }

func (c *comparer) add(path []string, kind string, message, devices Sentence) {
	c.changes = append(c.changes, Difference{Path: path, Kind: kind, Message: message, Devices: devices})
}

func (c *comparer) refuse(path []string, kind string, message Sentence) {
	c.changes = append(c.changes, Difference{Path: path, Kind: kind, Message: message, Devices: neverSafe, Refused: true})
}

// below compares the fields inside two objects or lists.
func (c *comparer) below(old, next *field) {
	for _, is := range next.below() {
		was := old.twin(is)
		if was == nil {
			c.added(is)
			continue
		}
		c.field(was, is)
	}
	for _, was := range old.below() {
		if next.twin(was) == nil {
			c.add(was.Path, "removed", Says("%s is no longer a field.", was.Title), lateGone)
		}
	}
	if len(next.keys) > 0 && !slices.Equal(common(old.keys, next), common(next.keys, old)) {
		c.add(next.Path, "reordered", Says("The fields stand in another order."), Sentence{})
	}
}

// twin is the field below f at the same place as g, nil if there is none.
func (f *field) twin(g *field) *field {
	key := g.Path[len(g.Path)-1]
	switch {
	case key != "*":
		return f.named[key]
	case f.row != nil:
		return f.row
	}
	return f.rest
}

// common is those of keys that f has too.
func common(keys []string, f *field) []string {
	return slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return f.named[key] == nil })
}

func (c *comparer) added(f *field) {
	if f.Required && f.Strategy != crdt.Serial {
		c.add(f.Path, "added", Says("%s is new, and required.", f.Title), lateField)
		return
	}
	c.add(f.Path, "added", Says("%s is new.", f.Title), Sentence{})
}

// field compares a field with itself.
func (c *comparer) field(was, is *field) {
	if was.Title != is.Title {
		c.add(is.Path, "renamed", Says("%s is now called %s.", was.Title, is.Title), Sentence{})
	}
	if was.Description != is.Description || was.Deprecated != is.Deprecated || was.Serial != is.Serial || was.Error != is.Error || !crdt.EqualValues(was.Default, is.Default) {
		c.add(is.Path, "described", Says("%s is explained or filled in beforehand in another way.", is.Title), Sentence{})
	}
	for _, word := range []string{"x-when", "x-section"} {
		if !crdt.EqualValues(was.shape.word(word), is.shape.word(word)) {
			c.add(is.Path, "described", Says("%s is shown at another time or place in the form.", is.Title), Sentence{})
			break
		}
	}
	switch {
	case is.Required && !was.Required:
		c.add(is.Path, "required", Says("%s is now required.", is.Title), lateField)
	case was.Required && !is.Required:
		c.add(is.Path, "optional", Says("%s is no longer required.", is.Title), Sentence{})
	}
	if c.meaning(was, is) {
		c.rules(was, is)
		c.below(was, is)
	}
}

// meaning compares how a field merges and what kind of value it has, and reports
// whether it is still the same thing.
func (c *comparer) meaning(was, is *field) bool {
	switch {
	case was.Strategy != is.Strategy:
		c.refuse(is.Path, "strategy", Says("%s merges as %q and would merge as %q; add a new field instead.", is.Title, was.Strategy, is.Strategy))
		return false
	case disjoint(was.shape.types, is.shape.types):
		c.refuse(is.Path, "type", Says("%s holds %s and would hold %s; add a new field instead.", is.Title, describeTypes(was.shape.types), describeTypes(is.shape.types)))
		return false
	case was.Reference != is.Reference && was.Reference != "" && is.Reference != "":
		c.refuse(is.Path, "type", Says("%s refers to records of %q and would refer to those of %q; add a new field instead.", is.Title, was.Reference, is.Reference))
		return false
	}
	return true
}

func disjoint(a, b []string) bool {
	return len(a) > 0 && len(b) > 0 && len(intersect(a, b)) == 0
}

// returned compares a field that comes back with what it was.
func (c *comparer) returned(was, is *field) {
	switch {
	case was.Strategy != is.Strategy:
		c.refuse(is.Path, "strategy", Says("%s was a field before and merged as %q; it can not come back merging as %q. Choose another key.", is.Title, was.Strategy, is.Strategy))
	case !slices.Equal(was.shape.types, is.shape.types):
		c.refuse(is.Path, "type", Says("%s was a field before and held %s; it can not come back holding %s. Choose another key.", is.Title, describeTypes(was.shape.types), describeTypes(is.shape.types)))
	case was.Reference != is.Reference:
		c.refuse(is.Path, "type", Says("%s was a field before and referred to records of %q; it can not come back referring to %q. Choose another key.", is.Title, was.Reference, is.Reference))
	}
}
