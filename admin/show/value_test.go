package show

import (
	"testing"

	"github.com/fieldstack/fieldstack/schema"
)

func TestClip(t *testing.T) {
	for text, want := range map[string]string{"": "", "abc": "abc", "abcd": "abc…", "äöüß": "äöü…", "a\nb": "a …", "a\n": "a"} {
		if got := Clip(text, 3); got != want {
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
