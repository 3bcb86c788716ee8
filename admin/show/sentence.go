package show

import (
	"context"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates/words"
)

// Sentence says what the engine says in the language of the context.
func Sentence(ctx context.Context, s schema.Sentence) string {
	return s.In(func(s schema.Sentence, args []any) string { return words.Say(ctx, s.Text, args...) })
}
