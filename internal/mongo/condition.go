package mongo

import (
	"go.mongodb.org/mongo-driver/bson"

	"github.com/fieldstack/fieldstack/schema"
)

// term is a part of a filter. What is always or never true is kept apart from what has
// to be asked, so that no operator ever gets an empty list.
type term struct {
	filter bson.D // nil: decided
	truth  bool   // where filter is nil
}

var (
	always = term{truth: true}
	never  = term{}
)

// asking is the term of one comparison of a name with a value.
func asking(name string, value any) term { return term{filter: bson.D{{Key: name, Value: value}}} }

// not is the opposite.
func (t term) not() term {
	if t.filter == nil {
		return term{truth: !t.truth}
	}
	return asking("$nor", bson.A{t.filter})
}

// all is true where every one of the terms is.
func all(terms ...term) term { return join("$and", true, terms) }

// anyOf is true where one of the terms is.
func anyOf(terms ...term) term { return join("$or", false, terms) }

// join combines terms. neutral is the truth of a term that says nothing in it.
func join(operator string, neutral bool, terms []term) term {
	var asked []bson.D
	for _, t := range terms {
		switch {
		case t.filter != nil:
			asked = append(asked, t.filter)
		case t.truth != neutral:
			return t
		}
	}
	switch len(asked) {
	case 0:
		return term{truth: neutral}
	case 1:
		return term{filter: asked[0]}
	}
	list := bson.A{}
	for _, filter := range asked {
		list = append(list, filter)
	}
	return asking(operator, list)
}

// compiler turns a condition into a filter over the sort keys of a record. Its names are
// made of escaped keys and its values are sort keys: nothing else gets in.
type compiler struct {
	exact bool // the filter is true of exactly what the condition is true of
}

// condition compiles c. Where keys cannot decide, it errs to the side that wanted names:
// true lets too much through, false too little; and exact becomes false.
func (c *compiler) condition(cond *schema.Condition, wanted bool) (term, error) {
	switch cond.Op {
	case "true":
		return always, nil
	case "false":
		return never, nil
	case "all", "any":
		terms, err := c.each(cond.Subs, wanted)
		if cond.Op == "all" {
			return all(terms...), err
		}
		return anyOf(terms...), err
	case "none":
		terms, err := c.each(cond.Subs, !wanted)
		return anyOf(terms...).not(), err
	}
	if err := checkField(cond.Field); err != nil {
		return never, err
	}
	return c.comparison(cond, wanted), nil
}

func (c *compiler) each(subs []*schema.Condition, wanted bool) ([]term, error) {
	terms := make([]term, len(subs))
	for i, sub := range subs {
		var err error
		if terms[i], err = c.condition(sub, wanted); err != nil {
			return nil, err
		}
	}
	return terms, nil
}

func (c *compiler) comparison(cond *schema.Condition, wanted bool) term {
	path := keyPath(cond.Field, ownKey)
	switch cond.Op {
	case "is":
		return c.is(path, []any{cond.Value}, wanted)
	case "not":
		return c.is(path, []any{cond.Value}, !wanted).not()
	case "in":
		list, _ := cond.Value.([]any)
		return c.is(path, list, wanted)
	case "above", "below", "from", "to":
		return c.ordered(path, cond.Op, cond.Value, wanted)
	case "has":
		return c.has(keyPath(cond.Field, listKey), cond.Value, wanted)
	case "empty":
		return empty(path, keyPath(cond.Field, listKey), cond.Value)
	case "contains", "starts":
		c.exact = false
		if !wanted {
			return never
		}
		return asking(path, bson.D{{Key: "$gte", Value: rankText}, {Key: "$lt", Value: afterTexts}})
	}
	return never
}

// long reports whether a value is a text that its key does not tell from all others.
func long(value any) bool {
	text, ok := value.(string)
	return ok && len(text) > keyed
}

// is compares a field with scalars; lists and objects equal nothing.
func (c *compiler) is(path string, values []any, wanted bool) term {
	var terms []term
	keys := bson.A{}
	for _, value := range values {
		if long(value) {
			if c.exact = false; !wanted {
				continue
			}
		}
		switch key, present := sortKey(value); {
		case !present:
			terms = append(terms, asking(path, nil))
		case key != rankRest:
			keys = append(keys, key)
		}
	}
	switch len(keys) {
	case 0:
	case 1:
		terms = append(terms, asking(path, keys[0]))
	default:
		terms = append(terms, asking(path, bson.D{{Key: "$in", Value: keys}}))
	}
	return anyOf(terms...)
}

// ordered compares numbers with a number, texts with a text.
func (c *compiler) ordered(path, op string, value any, wanted bool) term {
	first, past := rankNumber, rankText
	switch value.(type) {
	case string:
		first, past = rankText, afterTexts
	case float64:
	default:
		return never
	}
	if long(value) {
		if c.exact = false; !wanted {
			return never
		}
		op = map[string]string{"above": "from", "below": "to"}[op]
		if op == "" {
			return asking(path, bson.D{{Key: "$gte", Value: first}, {Key: "$lt", Value: past}})
		}
	}
	key, _ := sortKey(value)
	switch op {
	case "above":
		return asking(path, bson.D{{Key: "$gt", Value: key}, {Key: "$lt", Value: past}})
	case "from":
		return asking(path, bson.D{{Key: "$gte", Value: key}, {Key: "$lt", Value: past}})
	case "below":
		return asking(path, bson.D{{Key: "$gte", Value: first}, {Key: "$lt", Value: key}})
	}
	return asking(path, bson.D{{Key: "$gte", Value: first}, {Key: "$lte", Value: key}})
}

// has looks for a scalar in a list.
func (c *compiler) has(path string, value any, wanted bool) term {
	key := elementKey(value)
	if key == "" {
		return never
	}
	if long(value) {
		if c.exact = false; !wanted {
			return never
		}
	}
	return asking(path, key)
}

// empty compares with whether the field is absent, null, "" or [].
func empty(path, list string, value any) term {
	is := anyOf(asking(path, nil), asking(path, rankText), asking(list, noElements))
	switch value {
	case true:
		return is
	case false:
		return is.not()
	}
	return never
}
