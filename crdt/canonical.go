package crdt

// AppendValue appends the canonical JSON of v (RFC 8785: keys in UTF-16 order,
// shortest numbers). v must be plain JSON as ParseValue gives it; int and
// json.RawMessage are not.
func AppendValue(dst []byte, v any) []byte { panic("todo") }

// Canonical is AppendValue to a new string.
func Canonical(v any) string { return string(AppendValue(nil, v)) }

// EqualValues reports whether two plain JSON values are the same value.
func EqualValues(a, b any) bool { panic("todo") }

// compareScalars orders the elements of a set: null, false, true, numbers by size,
// strings by their UTF-16 code units.
func compareScalars(a, b any) int { panic("todo") }

// compareKeys orders strings by their UTF-16 code units, as JavaScript does.
func compareKeys(a, b string) int { panic("todo") }

// sortedKeys gives the keys of an object in canonical order.
func sortedKeys(object map[string]any) []string { panic("todo") }
