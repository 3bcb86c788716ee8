package office

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/hooks"
	views "github.com/fieldstack/fieldstack/templates/office"
	"github.com/fieldstack/fieldstack/templates/words"
)

// eventName is what people call an event.
func eventName(ctx context.Context, e hooks.Event) string {
	switch e {
	case hooks.Created:
		return words.Say(ctx, "created")
	case hooks.Changed:
		return words.Say(ctx, "changed")
	case hooks.Deleted:
		return words.Say(ctx, "deleted")
	case hooks.Restored:
		return words.Say(ctx, "restored")
	case hooks.Attention:
		return words.Say(ctx, "needs attention")
	}
	return string(e)
}

// chooses says what a webhook is told of.
func chooses(ctx context.Context, h hooks.Hook, titles map[string]string) string {
	var events, types []string
	for _, e := range h.Events {
		events = append(events, eventName(ctx, e))
	}
	for _, name := range h.Types {
		types = append(types, cmp.Or(titles[name], name))
	}
	if len(types) == 0 {
		return words.Say(ctx, "All types: %s", strings.Join(events, ", "))
	}
	return strings.Join(types, ", ") + ": " + strings.Join(events, ", ")
}

// stateOf says how a webhook does.
func stateOf(ctx context.Context, h *hooks.Listed) views.HookState {
	switch {
	case !h.Enabled:
		return views.HookState{Kind: views.StateOff, Text: words.Say(ctx, "Off")}
	case h.State.Paused != "":
		return views.HookState{Kind: views.StateBad, Text: words.Say(ctx, "Paused"), Fault: h.State.Paused}
	case h.State.Failures > 0:
		return views.HookState{Kind: views.StateWarn, Text: words.Say(ctx, "Trying again"), Fault: h.State.Fault}
	}
	return views.HookState{Kind: views.StateGood, Text: words.Say(ctx, "On")}
}

// shortAddress leaves out of an address what may hold a secret.
func shortAddress(text string) string {
	address, _, has := strings.Cut(text, "?")
	if has {
		return address + "?…"
	}
	return address
}

func hookPath(id string) string { return "/admin/webhooks/" + url.PathEscape(id) }

// deliveryOf shows an attempt.
func (p *pages) deliveryOf(ctx context.Context, id string, d *hooks.Delivery) views.Delivery {
	shown := views.Delivery{
		Href: hookPath(id) + "/deliveries/" + url.PathEscape(d.Place), When: p.Moment(ctx, d.At), Kind: d.Kind,
		OK: d.OK, Took: words.Say(ctx, "%d ms", d.Took), Record: d.Record, Fault: d.Fault, Answer: words.Say(ctx, "no answer"),
	}
	if d.Status != 0 {
		shown.Answer = strconv.Itoa(d.Status)
	}
	if d.Record != "" {
		shown.Link = ui.RecordPath(&collections.Document{Type: d.Type, ID: d.Record})
	}
	switch {
	case d.Kind == "gap":
		shown.Kind, shown.Answer, shown.Took = words.Say(ctx, "passed over"), "–", "–"
	case d.Attempt == 0:
		shown.Try = words.Say(ctx, "by hand")
	case d.Attempt > 1:
		shown.Try = words.Say(ctx, "attempt %d", d.Attempt)
	}
	return shown
}

// titles gives what people call each type.
func (p *pages) titles(v *ui.Visit) (map[string]string, []*collections.Type, error) {
	types, err := p.Types.Types(v.UserContext(), v.Actor())
	titles := map[string]string{}
	for _, t := range types {
		titles[t.Name] = ui.TypeTitle(t)
	}
	return titles, types, err
}
