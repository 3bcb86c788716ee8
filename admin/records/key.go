package records

import (
	"errors"
	"strings"
)

// This file writes the way to a field as one text, as conditions do: keys joined by
// dots, a dot in a key written \. and a backslash \\.

var errKey = errors.New("records: that is no way to a field")

var keyEscaper = strings.NewReplacer(`\`, `\\`, `.`, `\.`)

func joinKey(path []string) string {
	escaped := make([]string, len(path))
	for i, key := range path {
		escaped[i] = keyEscaper.Replace(key)
	}
	return strings.Join(escaped, ".")
}

// splitKey reads what joinKey wrote.
func splitKey(text string) ([]string, error) {
	var path []string
	var key strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '\\':
			if i++; i == len(text) {
				return nil, errKey
			}
			key.WriteByte(text[i])
		case '.':
			path = append(path, key.String())
			key.Reset()
		default:
			key.WriteByte(c)
		}
	}
	path = append(path, key.String())
	for _, key := range path {
		if key == "" {
			return nil, errKey
		}
	}
	return path, nil
}
