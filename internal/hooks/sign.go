package hooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// secretPrefix begins a secret, so that a scanner knows one.
const secretPrefix = "whsec_"

// newSecret makes a secret of 256 bits.
func newSecret(random io.Reader) (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("hooks: random: %w", err)
	}
	return secretPrefix + base64.StdEncoding.EncodeToString(b), nil
}

// sign gives one signature of a message as the header webhook-signature has it.
func sign(secret, id string, seconds int64, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return "", fmt.Errorf("hooks: a secret is damaged: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + strconv.FormatInt(seconds, 10) + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// signatures signs with the hook's secret, and for a day after a change with the one
// before it too. now is in ms since 1970 UTC.
func (h *stored) signatures(id string, now int64, body []byte) (string, error) {
	all, err := sign(h.Secret, id, now/1000, body)
	if err != nil || h.Old == "" || now >= h.OldUntil {
		return all, err
	}
	old, err := sign(h.Old, id, now/1000, body)
	return all + " " + old, err
}
