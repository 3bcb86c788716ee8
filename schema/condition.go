package schema

// Condition is one condition of the small language. As JSON it is exactly one of
//
//	{"all": [c, …]}  {"any": [c, …]}  {"none": [c, …]}
//	{"field": "status", "is": v}         equal; $me, $now, $today are replaced by Resolve
//	{"field": "status", "not": v}        not equal; true when the field is absent
//	{"field": "status", "in": [v, …]}
//	{"field": "hours", "above": v}       greater; also "below", "from" (at least), "to" (at most)
//	{"field": "tags", "has": v}          an array has the element
//	{"field": "title", "contains": "x"}  text has the text, letter case aside (Unicode simple lower-casing)
//	{"field": "title", "starts": "x"}    text begins with the text, letter case aside
//	{"field": "site", "empty": true}     absent, null, "" or []; false: none of these
//	true, false                          always, never
//
// A field is a key, or keys joined by dots for nested objects. Two values compare
// only when both are numbers or both are strings (strings by code point); otherwise
// above, below, from and to are false. "is" null is true when the field is absent or null.
// Immutable, safe for concurrent use.
type Condition struct {
	Op    string       // all any none · is not in above below from to has contains starts empty · true false
	Field []string     // nil for all, any, none, true, false
	Value any          // plain JSON
	Subs  []*Condition // of all, any, none
}

// Vars are what $me, $now and $today stand for.
type Vars struct {
	Me  string // the acting user's sign-in name
	Now int64  // ms since 1970 UTC: $now becomes RFC 3339 with ms, $today YYYY-MM-DD, in UTC
}

// ParseCondition reads a condition strictly: at most 16 deep, 200 nodes.
func ParseCondition(text []byte) (*Condition, error) { panic("todo") }

// ConditionFromValue is ParseCondition for JSON already read.
func ConditionFromValue(v any) (*Condition, error) { panic("todo") }

// Check says whether the condition fits a type: each field exists and the comparison
// makes sense for it. allowed, if not nil, says which top-level fields the asker may
// see; one that is not allowed is reported exactly as one that does not exist.
func (c *Condition) Check(s *Schema, allowed func(key string) bool) error { panic("todo") }

// Resolve gives the condition with variables replaced. A nil condition is true.
func (c *Condition) Resolve(vars Vars) *Condition { panic("todo") }

// Match evaluates a resolved condition. A nil condition is true.
func (c *Condition) Match(value map[string]any) bool { panic("todo") }

// MarshalJSON gives the condition in the form ParseCondition reads.
func (c *Condition) MarshalJSON() ([]byte, error) { panic("todo") }

// Sentence says the condition in words, with the labels of s.
func (c *Condition) Sentence(s *Schema) string { panic("todo") }

// Infer guesses a schema from sample records (each a map of strings as read from a
// CSV, or plain JSON). It notes for each field what it was taken for and why.
// Columns gives the order. The result parses with Parse.
func Infer(title string, columns []string, records []map[string]any) (text []byte, notes []Note, err error) {
	panic("todo")
}

// Convert turns one CSV cell into the value that the field asks for: "" is absent
// (ok true, value nil, present false).
func (s *Schema) Convert(key, cell string) (value any, present bool, err error) { panic("todo") }

// Words splits all text of a value into search words: lower case, accents removed
// (NFKD, marks dropped), split at everything that is no letter or digit, each once,
// sorted, at most 1,000 of at most 64 bytes.
func Words(value any) []string { panic("todo") }
