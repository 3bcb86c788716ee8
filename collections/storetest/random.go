package storetest

import (
	"math/rand"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// randomizer makes documents and queries from pools so small that values meet.
type randomizer struct{ *rand.Rand }

// scalars have twins of another type, texts that differ by case, accent, length and
// plane, and numbers that a store could round.
var scalars = []any{
	nil, false, true, 0.0, 1.0, -1.0, 10.0, 9.0, 1.5, -2.5, 0.1, 1e-7, 1e20, 1e21, -1e300, 5e-324,
	9007199254740991.0, 1603394232636756500.0, 1603394232636756600.0, 1.7976931348623157e308,
	"", "a", "A", "aa", "b", "B", "ä", "Ä", "z", "10", "9", "1", "true", "null", "false", "[]", "{}",
	`it's`, `say "x"`, `back\slash`, "%", "_", "a_c", "abc", "$me", "\uffff", "😀", "a\u0000b", "Straße", "STRASSE", "İ",
	"2024-05-27", "2024-05-28",
}

// fieldNames are fields that documents have, with names that a query language could
// take for something else. Two-part ones are inside an object.
var fieldNames = [][]string{
	{"a"}, {"b"}, {"n", "x"}, {"n", "y.z"}, {"n"}, {`q"uote`}, {`it's`}, {"a.b"}, {"$gt"}, {"$"}, {`back\slash`},
	{`back\\`}, {`"`}, {""}, {"ä"}, {"[0]"}, {"#-1"}, {"value"}, {"id"}, {"?1"}, {"n", `"]`}, {"constructor"}, {"absent"},
}

func pick[T any](r randomizer, list []T) T { return list[r.Intn(len(list))] }

// value makes a scalar, or now and then a list or an object of scalars.
func (r randomizer) value() any {
	switch r.Intn(8) {
	case 0:
		list := make([]any, r.Intn(4))
		for i := range list {
			list[i] = pick(r, scalars)
		}
		return list
	case 1:
		return map[string]any{"x": pick(r, scalars)}
	}
	return pick(r, scalars)
}

// document makes a value with some of the fields.
func (r randomizer) document() map[string]any {
	value := map[string]any{}
	for _, field := range fieldNames[:len(fieldNames)-1] {
		if r.Intn(3) == 0 {
			continue
		}
		inside := value
		if len(field) == 2 {
			object, ok := value[field[0]].(map[string]any)
			if !ok {
				object = map[string]any{}
				value[field[0]] = object
			}
			inside = object
		}
		inside[field[len(field)-1]] = r.value()
	}
	return value
}

var searchWords = []string{
	"pump", "pumps", "pumpe", "10", "10a", "1", "über", "ü", "uber", "e", "wörk", "数", "数据", "a", "ab", "and", "or", "not", "near",
}

var searchPrefixes = []string{
	"p", "pump", "pumps", "pumpx", "1", "10", "ü", "u", "数", "a", "and", "or", "not", "near", "", "PUMP", "Ü",
	`"`, `p"`, "p*", "*", "pump OR a", "-a", "^a", "words:a", "(", "a b", "'", "\x00", "1xa", "a\x00",
}

func (r randomizer) words(pool []string, most int) []string {
	seen := map[string]bool{}
	var words []string
	for range r.Intn(most + 1) {
		if w := pick(r, pool); !seen[w] {
			seen[w] = true
			words = append(words, w)
		}
	}
	return words
}

// record makes revision rev of a document.
func (r randomizer) record(typ, id string, rev uint64) collections.Record {
	c := recordOf(typ, id, rev, crdt.Canonical(r.document()))
	c.Created, c.Updated = int64(1000+r.Intn(5)), int64(2000+r.Intn(20))
	c.Deleted, c.Attention = r.Intn(6) == 0, r.Intn(4) == 0
	c.Words = r.words(searchWords, 6)
	return c
}

// condition makes one of at most depth levels.
func (r randomizer) condition(depth int) *schema.Condition {
	if depth > 0 && r.Intn(3) == 0 {
		c := &schema.Condition{Op: pick(r, []string{"all", "any", "none"})}
		for range r.Intn(4) {
			c.Subs = append(c.Subs, r.condition(depth-1))
		}
		return c
	}
	c := &schema.Condition{Field: pick(r, fieldNames), Value: pick(r, scalars)}
	c.Op = pick(r, []string{"is", "not", "in", "above", "below", "from", "to", "has", "contains", "starts", "empty", "true", "false"})
	switch c.Op {
	case "in":
		list := make([]any, r.Intn(5))
		for i := range list {
			list[i] = pick(r, scalars)
		}
		c.Value = list
	case "contains", "starts":
		c.Value = pick(r, []string{"", "a", "A", "ä", "Ä", "s", "ß", "SS", "%", "_", "'", `"`, "i", "😀", "STR"})
	case "empty":
		c.Value = r.Intn(2) == 0
	case "true", "false":
		c.Field, c.Value = nil, nil
	}
	return c
}

// query makes a query without a page key.
func (r randomizer) query(typ string) *collections.Query {
	q := &collections.Query{Type: typ, Limit: 1 + r.Intn(40), State: collections.State(r.Intn(4))}
	if r.Intn(4) > 0 {
		q.Where = r.condition(2)
	}
	if r.Intn(3) == 0 {
		q.Words = r.words(searchPrefixes, 2)
	}
	if r.Intn(4) == 0 {
		q.Since = int64(1999 + r.Intn(22))
	}
	for range r.Intn(3) {
		field := pick(r, fieldNames)
		if r.Intn(5) == 0 {
			field = []string{pick(r, []string{"_updated", "_created"})}
		}
		q.Sort = append(q.Sort, collections.Sort{Field: field, Desc: r.Intn(2) == 0})
	}
	return q
}
