package mongo

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"
)

// A record carries, beside its value, the sort keys of its fields: for each a text that
// orders by its bytes as [collections.Sort] says. Where a field is absent or null there
// is none, which every server sorts first. So a condition, an order and a page's end
// are comparisons of texts, and nothing of what a person wrote can be an operator.
//
// The tree of keys mirrors the tree of objects: under an object's field "=" and its
// escaped name is its sort key, under ":" and its name the tree of what is in it, under
// "*" and its name the keys of the scalars of a list.
const (
	ownKey   = "="
	innerKey = ":"
	listKey  = "*"
)

// The first byte of a sort key is the rank of its value.
const (
	rankFalse  = "1"
	rankTrue   = "2"
	rankNumber = "3"
	rankText   = "4"
	rankRest   = "5"
	afterTexts = "5"

	nullElement = "0" // null in a list
	noElements  = "-" // stands in the keys of a list that is empty
)

// longText is how many bytes of a text its key has. Texts that are the same up to there
// are the same in an order, and a condition that needs more is decided by Go; keyed is
// how long a text may be to be told by its key from all others.
const (
	longText = 1024
	keyed    = longText - utf8.UTFMax
)

// maxKeyBytes is how large the keys of a record get. A record that needs more (a
// million tiny fields) has none: conditions take its fields for absent.
const maxKeyBytes = 5 << 20

// sortKey gives a value's key; false for absent and null, which have none.
func sortKey(value any) (string, bool) {
	switch v := value.(type) {
	case nil:
		return "", false
	case bool:
		if v {
			return rankTrue, true
		}
		return rankFalse, true
	case float64:
		return numberKey(v), true
	case int64:
		return numberKey(float64(v)), true
	case int:
		return numberKey(float64(v)), true
	case string:
		return rankText + cut(v), true
	}
	return rankRest, true
}

// numberKey orders doubles: the bits, turned so that they order as a whole number, in
// hexadecimal without the zeros at the end.
func numberKey(f float64) string {
	bits := math.Float64bits(f + 0) // -0 is 0
	if f == 0 {
		bits = 0
	}
	if bits>>63 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	return rankNumber + strings.TrimRight(fmt.Sprintf("%016x", bits), "0")
}

// cut gives the first longText bytes of a text, without a part of a code point.
func cut(text string) string {
	if len(text) <= longText {
		return text
	}
	end := longText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// checkField refuses NUL in a name, as every store does.
func checkField(field []string) error {
	if slices.ContainsFunc(field, func(key string) bool { return strings.ContainsRune(key, 0) }) {
		return fmt.Errorf("mongo: field %q: a name cannot hold the character NUL", field)
	}
	return nil
}

// keyPath is where records have the key of a field, or with listKey those of its list.
func keyPath(field []string, mark string) string {
	path := "k"
	for i, key := range field {
		if i < len(field)-1 {
			path += "." + innerKey + escape(key)
		} else {
			path += "." + mark + escape(key)
		}
	}
	return path
}

// keysOf makes the tree of keys of a value; false where it would be too large.
func keysOf(value map[string]any) (bson.D, bool) {
	k := keyMaker{left: maxKeyBytes}
	tree := k.object(value)
	return tree, k.left >= 0
}

// keyMaker counts what the tree takes.
type keyMaker struct{ left int }

func (k *keyMaker) object(value map[string]any) bson.D {
	tree := bson.D{}
	for name, v := range value {
		if k.left < 0 {
			return nil
		}
		name = escape(name)
		if key, ok := sortKey(v); ok {
			tree = append(tree, bson.E{Key: ownKey + name, Value: key})
			k.left -= len(name) + len(key) + 8
		}
		switch v := v.(type) {
		case map[string]any:
			if inner := k.object(v); len(inner) > 0 {
				tree = append(tree, bson.E{Key: innerKey + name, Value: inner})
				k.left -= len(name) + 8
			}
		case []any:
			tree = append(tree, bson.E{Key: listKey + name, Value: k.list(v)})
			k.left -= len(name) + 8
		}
	}
	return tree
}

// list gives the keys of a list's scalars, each once.
func (k *keyMaker) list(list []any) bson.A {
	if len(list) == 0 {
		return bson.A{noElements}
	}
	keys := bson.A{}
	seen := map[string]bool{}
	for _, v := range list {
		key := elementKey(v)
		if key == "" || seen[key] {
			continue
		}
		seen[key] = true
		if k.left -= len(key) + 8; k.left < 0 {
			return nil
		}
		keys = append(keys, key)
	}
	return keys
}

// elementKey is the key of a scalar in a list, "" for a list or an object.
func elementKey(v any) string {
	switch v.(type) {
	case nil:
		return nullElement
	case []any, map[string]any:
		return ""
	}
	key, _ := sortKey(v)
	return key
}
