package people

import (
	"fmt"
	"io"
)

// Crockford's 32 letters and digits: none is taken for another when read aloud.
const passwordLetters = "0123456789abcdefghjkmnpqrstvwxyz"

// newPassword makes a password of 100 random bits, in four groups of five so that a
// person can type it from paper.
func newPassword(random io.Reader) (string, error) {
	raw := make([]byte, 20)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("people: make a password: %w", err)
	}
	text := make([]byte, 0, 23)
	for i, b := range raw {
		if i > 0 && i%5 == 0 {
			text = append(text, '-')
		}
		text = append(text, passwordLetters[b%32])
	}
	return string(text), nil
}
