package hooks

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// Event is a kind of thing that a hook can be told of.
type Event string

// The events.
const (
	Created   Event = "created"
	Changed   Event = "changed"
	Deleted   Event = "deleted"  // put in the trash
	Restored  Event = "restored" // taken out of it
	Attention Event = "needs_attention"
)

// Events lists the events. The caller owns the result.
func Events() []Event { return []Event{Created, Changed, Deleted, Restored, Attention} }

// Hook is where to send what.
type Hook struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	URL     string            `json:"url"`
	Types   []string          `json:"types,omitempty"` // none: all
	Events  []Event           `json:"events"`
	Where   *schema.Condition `json:"where,omitempty"` // on the record after the change; nil: all
	Enabled bool              `json:"enabled"`
	Account string            `json:"account"` // id of the owner whose it is
	By      string            `json:"by"`      // sign-in name of that owner
	Created int64             `json:"created"` // ms since 1970 UTC
	Updated int64             `json:"updated"`
}

// stored is a hook with its secrets.
type stored struct {
	Hook
	Secret   string `json:"secret"`             // whsec_…
	Old      string `json:"old,omitempty"`      // the one before, which signs as well …
	OldUntil int64  `json:"oldUntil,omitempty"` // … until then, ms since 1970 UTC
}

// What a hook may hold.
const (
	maxHooks = 50
	maxName  = 80
	maxURL   = 2_000
)

// wants reports whether the hook is to be told of an event.
func (h *Hook) wants(e Event) bool { return slices.Contains(h.Events, e) }

// check says what is wrong with a hook, by field.
func (h *Hook) check(private bool) error {
	h.Name, h.URL = strings.TrimSpace(h.Name), strings.TrimSpace(h.URL)
	switch {
	case h.Name == "":
		return collections.Errorf(collections.Invalid, "name", "Give the webhook a name, such as the program that it tells.")
	case utf8.RuneCountInString(h.Name) > maxName:
		return collections.Errorf(collections.Invalid, "name", "A name has at most %d characters.", maxName)
	case len(h.Events) == 0:
		return collections.Errorf(collections.Invalid, "events", "Choose at least one thing to be told of.")
	}
	for _, e := range h.Events {
		if !slices.Contains(Events(), e) {
			return collections.Errorf(collections.Invalid, "events", "There is no event %q.", e)
		}
	}
	return checkURL(h.URL, private)
}

// checkURL says what is wrong with an address that messages are to go to.
func checkURL(text string, private bool) error {
	bad := func(format string, args ...any) error {
		return collections.Errorf(collections.Invalid, "url", format, args...)
	}
	if len(text) > maxURL {
		return bad("The address has at most %d characters.", maxURL)
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
		return bad("Give an address that begins with https://, such as https://example.com/hook.")
	}
	if u.User != nil {
		return bad("Leave name and password out of the address: messages are signed instead.")
	}
	if u.Fragment != "" {
		return bad("Leave out what comes after #: it would not be sent.")
	}
	if addr, err := netip.ParseAddr(u.Hostname()); (err == nil && !isPublic(addr) || u.Hostname() == "localhost") && !private {
		return bad("%s is an address of this machine or of a private network: an owner can allow these in the settings.", net.JoinHostPort(u.Hostname(), portOf(u)))
	}
	return nil
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}
