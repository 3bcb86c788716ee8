package crdt

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
)

// AppendValue appends the canonical JSON of v (RFC 8785: keys in UTF-16 order,
// shortest numbers). v must be plain JSON as ParseValue gives it; int and
// json.RawMessage are not. Anything else panics.
func AppendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		return strconv.AppendBool(dst, v)
	case float64:
		return appendNumber(dst, v)
	case string:
		return appendString(dst, v)
	case []any:
		dst = append(dst, '[')
		for i, element := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendValue(dst, element)
		}
		return append(dst, ']')
	case map[string]any:
		dst = append(dst, '{')
		for i, key := range sortedKeys(v) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, key), ':')
			dst = AppendValue(dst, v[key])
		}
		return append(dst, '}')
	}
	panic(fmt.Sprintf("crdt: %T is not plain JSON", v))
}

// Canonical is AppendValue to a new string.
func Canonical(v any) string { return string(AppendValue(nil, v)) }

// appendNumber writes a number as JavaScript's Number.prototype.toString does: the
// fewest digits that read back as the same double, an exponent below 1e-6 and from
// 1e21 on.
func appendNumber(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		panic("crdt: a number must be finite to be JSON")
	}
	size := math.Abs(f)
	if size == 0 {
		return append(dst, '0') // -0 too
	}
	if size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	if n := len(dst); dst[n-4] == 'e' && dst[n-2] == '0' { // Go writes two digits at least: e-07
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

// appendString writes a string with only the escapes that JSON asks for.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	done := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[done:i]...)
		done = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, `\b`...)
		case '\f':
			dst = append(dst, `\f`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\t':
			dst = append(dst, `\t`...)
		default:
			dst = append(dst, `\u00`...)
			dst = append(dst, hex[c>>4], hex[c&15])
		}
	}
	return append(append(dst, s[done:]...), '"')
}

// EqualValues reports whether two plain JSON values are the same value.
func EqualValues(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, EqualValues)
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, EqualValues)
	}
	switch b.(type) {
	case []any, map[string]any:
		return false // and == would panic if a were of the same type
	}
	return a == b
}

// compareScalars orders the elements of a set: null, false, true, numbers by size,
// strings by their UTF-16 code units.
func compareScalars(a, b any) int {
	rank := func(v any) int {
		switch v := v.(type) {
		case nil:
			return 0
		case bool:
			if v {
				return 2
			}
			return 1
		case float64:
			return 3
		}
		return 4
	}
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	switch a := a.(type) {
	case float64:
		return cmp.Compare(a, b.(float64))
	case string:
		return compareKeys(a, b.(string))
	}
	return 0
}

// compareKeys orders strings by their UTF-16 code units, as JavaScript does. That is
// the order of their bytes, except that characters beyond U+FFFF, which are two
// surrogates in UTF-16, come before U+E000 to U+FFFF.
func compareKeys(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return cmp.Compare(utf16Weight(a[i]), utf16Weight(b[i]))
		}
	}
	return cmp.Compare(len(a), len(b))
}

// utf16Weight orders the bytes at which two strings first differ: EE and EF, which
// begin U+E000 to U+FFFF, come behind F0 to F4, which begin what is beyond.
func utf16Weight(c byte) byte {
	if c == 0xEE || c == 0xEF {
		return c + 0x10
	}
	return c
}

// sortedKeys gives the keys of an object in canonical order.
func sortedKeys(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, compareKeys)
	return keys
}
