package schema

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// JSON Pointer, RFC 6901.

var (
	pointerEscapes   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescapes = strings.NewReplacer("~1", "/", "~0", "~")
)

// escape writes a key as a step of a JSON Pointer; unescape reads it back.
func escape(key string) string    { return pointerEscapes.Replace(key) }
func unescape(step string) string { return pointerUnescapes.Replace(step) }

// escapeURL writes a key as a step of a JSON Pointer in a URL's fragment, in the
// very form in which the validator writes its locations.
func escapeURL(key string) string { return url.PathEscape(escape(key)) }

// steps splits a JSON Pointer into its keys.
func steps(pointer string) []string {
	if pointer == "" {
		return nil
	}
	list := strings.Split(pointer[1:], "/")
	for i, step := range list {
		list[i] = unescape(step)
	}
	return list
}

// pointer joins keys into a JSON Pointer.
func pointer(keys []string) string {
	var b strings.Builder
	for _, key := range keys {
		b.WriteByte('/')
		b.WriteString(escape(key))
	}
	return b.String()
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
