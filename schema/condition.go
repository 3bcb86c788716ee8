package schema

// Condition is one condition of the small language that filters, views, row rules,
// subscriptions and form logic share. As JSON it is exactly one of
//
//	{"all": [c, …]}  {"any": [c, …]}  {"none": [c, …]}
//	{"field": "status", "is": v}         equal; null: absent or null
//	{"field": "status", "not": v}        the opposite of is, so true when the field is absent
//	{"field": "status", "in": [v, …]}    is one of them
//	{"field": "hours", "above": v}       greater; also "below", "from" (at least), "to" (at most)
//	{"field": "tags", "has": v}          a list has the element
//	{"field": "title", "contains": "x"}  a text has the text in it, letter case aside
//	{"field": "title", "starts": "x"}    a text begins with the text, letter case aside
//	{"field": "site", "empty": true}     absent, null, "" or []; false: none of these
//	true, false                          always, never
//
// # What it means
//
// The language runs in Go, in JavaScript and, compiled, in each store, so everything
// is pinned here, and by the vectors in testdata/conditions.
//
// A field is a key, or keys joined by dots that go into objects: "address.city". In a
// key a dot is written `\.` and a backslash `\\`; no key is empty, and a path has at
// most 32 keys. Paths go by an object's own keys only. A path that meets anything but
// an object on its way, a list included, ends in an absent field.
//
// Values are never converted. Two scalars are equal when they are of one JSON type
// and the same: texts by code point with no normalization, numbers as doubles, so
// that 1 is neither "1" nor true. A list or an object equals nothing a condition can
// say. above, below, from and to are true only between two numbers or between two
// texts; texts are ordered by code point, which is also the order of their UTF-8
// bytes, but not of their UTF-16 units. Dates are texts: they are in order as long as
// they are written one way, as $now and $today are.
//
// Letter case is put aside by lowering each code point alone, with its simple
// mapping (UnicodeData.txt; neither SpecialCasing nor the end of a word matters: İ
// becomes i, Σ is always σ). Every text contains and starts with "".
//
// has takes no null, and compares elements as is does. {} is not empty. {"all": []}
// is true, {"any": []} and {"in": []} are false, {"none": []} is true: none is always
// the opposite of any.
//
// The texts "$me", "$now" and "$today", where a value is compared with, are variables
// until [Condition.Resolve] replaces them; any other text is itself.
//
// A Condition is immutable and safe for concurrent use. Make one with
// [ParseCondition] or [ConditionFromValue]: what its members may hold is theirs to
// guarantee. A nil condition is true.
type Condition struct {
	Op    string       // all any none · is not in above below from to has contains starts empty · true false
	Field []string     // the keys on the way to the field; nil for all, any, none, true, false
	Value any          // plain JSON: a scalar, or for in a []any of scalars
	Subs  []*Condition // of all, any, none
}

// ConditionError is why a text is no condition, or why a condition does not fit a
// type.
type ConditionError struct {
	Path    string   // JSON Pointer into the condition, "" for the whole
	Message Sentence // what is wrong, and the way out
}

func (e *ConditionError) Error() string { return e.Message.String() }

// Says is Error in a way that can be said in other languages.
func (e *ConditionError) Says() Sentence { return e.Message }

// The names of the language, by what they ask for.
const (
	opAll      = "all"
	opAny      = "any"
	opNone     = "none"
	opIs       = "is"
	opNot      = "not"
	opIn       = "in"
	opAbove    = "above"
	opBelow    = "below"
	opFrom     = "from"
	opTo       = "to"
	opHas      = "has"
	opContains = "contains"
	opStarts   = "starts"
	opEmpty    = "empty"
	opTrue     = "true"
	opFalse    = "false"
)

// The bounds of a condition. Its cost for one value is at most conditionNodes looks
// at a field.
const (
	conditionBytes  = 64 << 10 // of its text
	conditionDepth  = 16       // levels; a comparison alone is one
	conditionNodes  = 200      // comparisons, groups, true and false together
	conditionValues = 1000     // of one in
	conditionKeys   = 32       // of one field's path
)

// always is what a nil condition means.
func always() *Condition { return &Condition{Op: opTrue} }

// never is what no value matches.
func never() *Condition { return &Condition{Op: opFalse} }
