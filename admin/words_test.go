package admin

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/schema"
)

func TestSpoken(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for ago, want := range map[time.Duration]string{
		0: "just now", 59 * time.Second: "just now", time.Minute: "1 min ago", 59*time.Minute + 59*time.Second: "59 min ago",
		time.Hour: "1 h ago", 12*time.Hour - time.Second: "11 h ago", 12 * time.Hour: "22 Nov 2026, 00:00 UTC",
		-time.Minute: "22 Nov 2026, 12:01 UTC", 400 * 24 * time.Hour: "18 Oct 2025, 12:00 UTC",
	} {
		if got := spoken(now.Add(-ago), now); got != want {
			t.Errorf("%v ago is %q, want %q", ago, got, want)
		}
	}
	p := &pages{Config: Config{Now: func() time.Time { return now }}}
	if m := p.moment(0); m.Machine != "" || m.Text != "" {
		t.Errorf("no time is %+v", m)
	}
	m := p.moment(now.UnixMilli() - 1)
	if m.Machine != "2026-11-22T11:59:59.999Z" || m.Exact != "2026-11-22 11:59:59 UTC" {
		t.Errorf("a time is %+v", m)
	}
}

func TestLasted(t *testing.T) {
	for d, want := range map[time.Duration]string{
		2 * time.Minute: "2 minutes", 90 * time.Minute: "1 hour", 47 * time.Hour: "47 hours", 49 * time.Hour: "2 days", 100 * 24 * time.Hour: "100 days",
	} {
		if got := lasted(d); got != want {
			t.Errorf("%v lasts %q, want %q", d, got, want)
		}
	}
}

// TestRules says each rule that a field may have, also behind references.
func TestRules(t *testing.T) {
	s, err := schema.Parse([]byte(`{"type": "object", "required": ["a"], "properties": {
		"a": {"type": "string", "minLength": 1, "maxLength": 1, "pattern": "^[a-z]$"},
		"b": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 9, "multipleOf": 0.5, "default": 1.5},
		"c": {"$ref": "#/$defs/c~1d"},
		"d": {"type": "array", "items": {"type": "object", "properties": {"e": {"$ref": "#/$defs/c~1d"}}}, "minItems": 1, "maxItems": 3},
		"f": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 2}, "maxProperties": 2},
		"g": {"type": "string", "x-unique": true}, "h": {"type": "string", "x-serial": "N-{000}"},
		"i": {"enum": ["1","2","3","4","5","6","7","8","9","10","11","12","13","14"]}, "j": {"type": "boolean", "default": false}
	}, "$defs": {"c/d": {"type": "integer", "maximum": 5}}}`))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, row := range fieldRows(s) {
		got[row.Key] = strings.Join(row.Rules, "; ")
	}
	for key, want := range map[string]string{
		"a": "required; exactly 1 character; of the pattern ^[a-z]$", "b": "more than 0; less than 9; a multiple of 0.5; begins as 1.5",
		"c": "at most 5", "d": "1 to 3 entries", "d.*.e": "at most 5", "f": "at most 2 fields", "f.*": "at least 2",
		"g": "different in every record", "h": "of the form N-{000}", "i": "one of: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, and 2 more", "j": "begins as no",
	} {
		if got[key] != want {
			t.Errorf("%s: %q, want %q", key, got[key], want)
		}
	}
}

func TestClip(t *testing.T) {
	for text, want := range map[string]string{"": "", "abc": "abc", "abcd": "abc…", "äöüß": "äöü…", "a\nb": "a …", "a\n": "a"} {
		if got := clip(text, 3); got != want {
			t.Errorf("%q is clipped to %q, want %q", text, got, want)
		}
	}
}

// Only addresses of the web and of mail become links, whatever a record holds.
func TestShowText_Links(t *testing.T) {
	for text, want := range map[string]string{
		"https://a.example/x?y#z": "https://a.example/x?y#z", "http://a.example": "http://a.example", "javascript:alert(1)": "", "JAVASCRIPT://a/%0aalert(1)": "",
		"data:text/html,x": "", "//a.example": "", "/admin": "", "https:a": "", "ftp://a.example": "", "\x01javascript:x": "",
	} {
		if got := showText(schema.Field{Format: "uri"}, text).Href; got != want {
			t.Errorf("%q leads to %q, want %q", text, got, want)
		}
	}
	if got := showText(schema.Field{Format: "email"}, "a@b.example?bcc=c").Href; got != "mailto:a@b.example%3Fbcc=c" {
		t.Errorf("mail goes to %q", got)
	}
}

func TestNewPassword(t *testing.T) {
	raw := bytes.Repeat([]byte{0, 31, 32, 63, 255}, 4)
	got, err := newPassword(bytes.NewReader(raw))
	if err != nil || got != "0z0zz-0z0zz-0z0zz-0z0zz" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := newPassword(bytes.NewReader(raw[1:])); err == nil {
		t.Error("a password was made of too little chance")
	}
}
