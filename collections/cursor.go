package collections

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// maxCursor bounds the text of a cursor.
const maxCursor = 64 << 10

// cursor is a place in the log, with what its reader was told it would get from
// there: when that changes, the reader starts anew. As text it is opaque. Nothing is
// granted by a cursor, so it needs no signature: one that somebody made up only
// loses things for who made it up.
type cursor struct {
	Epoch    string         `json:"e"`
	Position Position       `json:"p"`
	Audience string         `json:"a"`           // digest of who reads what under which rules
	Types    map[string]int `json:"t,omitempty"` // versions that the reader has
	Whole    *wholePlace    `json:"w,omitempty"` // where a whole sync is; nil: it is done
}

// wholePlace is the last document that a whole sync has sent. Its changes come after
// it, from the position on where the sync began.
type wholePlace struct {
	Type  string `json:"t"`
	ID    string `json:"i,omitempty"`
	Sent  int    `json:"s,omitempty"` // documents so far
	Total int    `json:"n,omitempty"` // about how many there were when it began; 0: not counted
}

// String gives the opaque form.
func (c *cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic("collections: a cursor is always JSON: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// parseCursor reads a cursor; "" is nil. What cannot be read is a Resync error.
func parseCursor(s string) (*cursor, error) {
	if s == "" {
		return nil, nil
	}
	unreadable := Errorf(Resync, "cursor", "The cursor cannot be read: start without one.")
	if len(s) > maxCursor {
		return nil, unreadable
	}
	text, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, unreadable
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	c := &cursor{}
	if err := decoder.Decode(c); err != nil || c.Epoch == "" || c.Position == nil || decoder.More() {
		return nil, unreadable
	}
	return c, nil
}

// audience digests all that decides, besides the documents themselves, which of them a
// reader gets: who reads, the rules of what may be seen, what is subscribed to. A
// condition on the time makes it another one each day (UTC), so that what came into
// sight by waiting is sent within a day.
func (e *Engine) audience(a Actor, subscribe []Subscription) string {
	parts := []any{a.User, a.Name, a.Role, a.Scopes, subscribe}
	for _, typ := range e.reg.names() {
		rules, _ := e.reg.rules(typ)
		if mine := rules.of(a.Role); mine.See != nil || len(mine.Hidden) > 0 {
			parts = append(parts, typ, mine.See, mine.Hidden)
		}
	}
	text, err := json.Marshal(parts)
	if err != nil {
		panic("collections: rules and subscriptions are always JSON: " + err.Error())
	}
	if s := string(text); strings.Contains(s, `"$now"`) || strings.Contains(s, `"$today"`) {
		text = append(text, e.now().UTC().Format(time.DateOnly)...)
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}
