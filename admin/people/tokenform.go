package people

import (
	"context"
	"slices"
	"time"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

const day = 24 * time.Hour

// tokenForm is what the form for a token holds.
type tokenForm struct {
	label string
	may   string   // "read", "write", or "" for all that the account may
	types []string // names; none: all
	life  string   // of lives
}

// lives are the lengths of life that the form offers.
func lives(ctx context.Context) []templates.Choice {
	return []templates.Choice{
		{Value: "30", Label: words.Say(ctx, "in 30 days")}, {Value: "90", Label: words.Say(ctx, "in 90 days")},
		{Value: "365", Label: words.Say(ctx, "in a year")}, {Value: "never", Label: words.Say(ctx, "never")},
	}
}

func (f tokenForm) scopes() []string {
	var scopes []string
	if f.may != "" {
		scopes = append(scopes, f.may)
	}
	for _, name := range f.types {
		scopes = append(scopes, "type:"+name)
	}
	return scopes
}

// expires gives the end of life in ms since 1970, 0 for never.
func (f tokenForm) expires(now time.Time) (int64, error) {
	switch f.life {
	case "never":
		return 0, nil
	case "30":
		return now.Add(30 * day).UnixMilli(), nil
	case "90":
		return now.Add(90 * day).UnixMilli(), nil
	case "365":
		return now.Add(365 * day).UnixMilli(), nil
	}
	return 0, collections.Errorf(collections.Invalid, "expires", "Choose when the token expires.")
}

func mayChoices(ctx context.Context, chosen string) []templates.Choice {
	return choose([]templates.Choice{
		{Value: "read", Label: words.Say(ctx, "read"), Hint: words.Say(ctx, "See what you may see, and change nothing.")},
		{Value: "write", Label: words.Say(ctx, "read and write"), Hint: words.Say(ctx, "See and change what you may.")},
		{Value: "", Label: words.Say(ctx, "everything you may"), Hint: words.Say(ctx, "Also edit types and manage people, if you may. Prefer one of the others.")},
	}, chosen)
}

func choose(choices []templates.Choice, value string) []templates.Choice {
	for i := range choices {
		choices[i].Chosen = choices[i].Value == value
	}
	return choices
}

func (p *pages) typeChoices(v *ui.Visit, chosen []string) ([]templates.Choice, error) {
	types, err := p.Engine.Types(v.UserContext(), v.Actor())
	if err != nil {
		return nil, err
	}
	var choices []templates.Choice
	for _, t := range types {
		choices = append(choices, templates.Choice{Value: t.Name, Label: ui.TypeTitle(t), Chosen: slices.Contains(chosen, t.Name)})
	}
	return choices, nil
}
