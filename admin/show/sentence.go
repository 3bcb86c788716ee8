package show

import (
	"context"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates/words"
)

// Sentence says what the engine says in the language of the context: in English as the
// API gives it.
func Sentence(ctx context.Context, s schema.Sentence) string {
	if words.Of(ctx) == words.English {
		return s.String()
	}
	return s.In(func(s schema.Sentence, args []any) string { return words.Say(ctx, s.Text, args...) })
}
