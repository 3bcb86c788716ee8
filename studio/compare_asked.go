package studio

import "github.com/fieldstack/fieldstack/schema"

// new tells of a field that was not there.
func (c *comparison) new(is *Field, name any) {
	kind := kindWords(is.Kind)
	switch {
	case is.Required && is.When != nil:
		c.add(is.Path, "new", "%s is new (%s), and required whenever it is shown.", name, kind)
	case is.Required:
		c.add(is.Path, "new", "%s is new (%s), and required.", name, kind)
	case is.RequiredWhen != nil:
		c.add(is.Path, "new", "%s is new (%s), and required when %s.", name, kind, sentence(c.after, is.RequiredWhen))
	default:
		c.add(is.Path, "new", "%s is new (%s).", name, kind)
	}
}

// kindWords names a kind of field.
func kindWords(k Kind) schema.Sentence { return schema.Says(InfoOf(k).Title) }

// section tells that a field stands under another heading.
func (c *comparison) section(is *Field, name any) {
	if is.Section == "" {
		c.add(is.Path, "other", "%s now stands before the first heading.", name)
		return
	}
	c.add(is.Path, "other", "%s now stands under %s.", name, is.Section)
}

// asked compares when a field is required and when it is shown.
func (c *comparison) asked(was, is *Field, name any) {
	before, after := c.demand(c.before, was), c.demand(c.after, is)
	switch {
	case before.Equal(after):
	case after.IsEmpty():
		c.list = append(c.list, Change{Path: is.Path, Kind: "wider", Says: schema.Join(schema.Says("%s is no longer required.", name), wasRequired(was, before))})
	default:
		c.list = append(c.list, Change{Path: is.Path, Kind: "narrower", Says: schema.Join(nowRequired(is, name, after), wasRequired(was, before))})
	}
	shownBefore, shownAfter := sentence(c.before, was.When), sentence(c.after, is.When)
	switch {
	case shownBefore.Equal(shownAfter):
	case is.When == nil:
		c.add(is.Path, "other", "%s is now always shown.", name)
	default:
		c.add(is.Path, "other", "%s is now shown only when %s.", name, shownAfter)
	}
}

// demand tells the ways apart in which a field is required; it says nothing for never.
func (c *comparison) demand(d *Draft, f *Field) schema.Sentence {
	switch {
	case f.Required && f.When != nil:
		return schema.Verbatim("whenever it is shown")
	case f.Required:
		return schema.Verbatim("always")
	case f.RequiredWhen != nil:
		return sentence(d, f.RequiredWhen)
	}
	return schema.Sentence{}
}

// nowRequired says when a field is required from now on.
func nowRequired(f *Field, name any, when schema.Sentence) schema.Sentence {
	switch {
	case f.Required && f.When != nil:
		return schema.Says("%s is now required whenever it is shown.", name)
	case f.Required:
		return schema.Says("%s is now required.", name)
	}
	return schema.Says("%s is now required when %s.", name, when)
}

// wasRequired says when a field was required, where it was not always or never.
func wasRequired(f *Field, when schema.Sentence) schema.Sentence {
	switch {
	case when.IsEmpty() || f.Required && f.When == nil:
		return schema.Sentence{}
	case f.Required:
		return schema.Says("It was required whenever it was shown.")
	}
	return schema.Says("It was required when %s.", when)
}
