package words

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

//go:embed de en
var files embed.FS

// Language is a language by its BCP 47 tag.
type Language string

// The languages that there are.
const (
	English Language = "en"
	German  Language = "de"
)

// Languages lists them, the one to fall back on first. The caller owns the list.
func Languages() []Language { return []Language{English, German} }

// Name is what its speakers call it.
func (l Language) Name() string {
	if l == German {
		return "Deutsch"
	}
	return "English"
}

// Choose gives the language that fits best: the one that somebody chose, where that is
// one, else the first that fits what their browser accepts, as the header
// Accept-Language says it.
func Choose(chosen, accept string) Language {
	for _, l := range Languages() {
		if string(l) == chosen {
			return l
		}
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return English
	}
	_, i, sure := language.NewMatcher([]language.Tag{language.English, language.German}).Match(wanted...)
	if sure == language.No {
		return English
	}
	return Languages()[i]
}

type languageKey struct{}

// With gives a context in which is spoken a language.
func With(ctx context.Context, l Language) context.Context {
	return context.WithValue(ctx, languageKey{}, l)
}

// Of is the language of a context, English where it has none.
func Of(ctx context.Context) Language {
	if l, ok := ctx.Value(languageKey{}).(Language); ok {
		return l
	}
	return English
}

// Marked is no language: what is said in it is English between ⟦ and ⟧, by which a test
// sees what a page shows without saying it.
const Marked Language = "en-XA"

// Say gives a text in the language of the context, with args put in as [fmt.Sprintf]
// puts them. Numbers given to %d are grouped as that language groups them. Whatever has
// no translation is said in English.
func Say(ctx context.Context, text string, args ...any) string {
	l := Of(ctx)
	said := message.NewPrinter(language.Make(string(l)), message.Catalog(spoken())).Sprintf(text, args...)
	if l == Marked {
		return "⟦" + said + "⟧"
	}
	return said
}

// spoken is the catalogues of all languages. They are part of the program: one that
// cannot be read is a mistake that the tests find.
var spoken = sync.OnceValue(func() catalog.Catalog {
	b := catalog.NewBuilder(catalog.Fallback(language.English))
	for _, l := range Languages() {
		entries, err := read(l)
		if err == nil {
			err = fill(b, language.Make(string(l)), entries)
		}
		if err != nil {
			panic(fmt.Sprintf("words: %v", err))
		}
	}
	return b
})

// entry is what a catalogue has for a key: one text, or its plural forms.
type entry struct {
	Text  string
	Forms map[string]string
}

// UnmarshalJSON takes a text or an object of forms.
func (e *entry) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '{' {
		return json.Unmarshal(text, &e.Forms)
	}
	return json.Unmarshal(text, &e.Text)
}

// read puts the files of a language together. Two may have the same key only with the
// same text.
func read(l Language) (map[string]entry, error) {
	all := map[string]entry{}
	list, err := files.ReadDir(string(l))
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		name := path.Join(string(l), f.Name())
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var entries map[string]entry
		if err := json.Unmarshal(text, &entries); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for key, e := range entries {
			if other, there := all[key]; there && (other.Text != e.Text || !maps.Equal(other.Forms, e.Forms)) {
				return nil, fmt.Errorf("%s: %q is translated in two ways", name, key)
			}
			all[key] = e
		}
	}
	return all, nil
}

// fill puts a language's entries into the builder.
func fill(b *catalog.Builder, tag language.Tag, entries map[string]entry) error {
	for key, e := range entries {
		var err error
		if e.Forms == nil {
			err = b.SetString(tag, key, e.Text)
		} else {
			err = b.Set(tag, key, plural.Selectf(1, "%d", cases(e.Forms)...))
		}
		if err != nil {
			return fmt.Errorf("%q in %s: %w", key, tag, err)
		}
	}
	return nil
}

// cases lists plural forms as plural.Selectf takes them, other last, because it takes
// the first that fits.
func cases(forms map[string]string) []any {
	names := slices.Sorted(maps.Keys(forms))
	slices.SortStableFunc(names, func(a, b string) int {
		return strings.Compare(last(a), last(b))
	})
	var list []any
	for _, name := range names {
		list = append(list, name, catalog.String(forms[name]))
	}
	return list
}

// last sorts "other" behind all other forms.
func last(form string) string {
	if form == "other" {
		return "~"
	}
	return form
}

// Key marks a text that is said later, where the language is known.
func Key(text string) string { return text }
