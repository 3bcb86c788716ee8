package schema_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Words are what the shared vectors say; JavaScript runs them too.
func TestWords_Vectors(t *testing.T) {
	text, err := os.ReadFile("testdata/words.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Name  string
		Value json.RawMessage
		Want  []string
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 20 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			value, err := crdt.ParseValue(v.Value, crdt.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got := schema.Words(value); !slices.Equal(got, v.Want) {
				t.Errorf("Words(%s): got %q, want %q", v.Value, got, v.Want)
			}
		})
	}
}

// The first 1,000 different words are kept, in the order in which a value is read:
// objects by key, lists as they are.
func TestWords_FirstThousand(t *testing.T) {
	many := func(from, to int) (text string) {
		for i := from; i < to; i++ {
			text += fmt.Sprintf("w%05d ", i)
		}
		return text
	}
	got := schema.Words(map[string]any{
		"c": "zebra",
		"b": []any{many(500, 1000), many(2000, 9000)},
		"a": many(0, 500) + many(0, 500),
	})
	want := strings.Fields(many(0, 1000))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Numbers count among the first 1,000 too.
func TestWords_FirstThousandNumbers(t *testing.T) {
	var list []any
	for i := range 1500 {
		list = append(list, float64(10_000+i))
	}
	got := schema.Words(list)
	if len(got) != 1000 || got[999] != "10999" {
		t.Errorf("got %d words up to %q, want 1000 up to 10999", len(got), got[len(got)-1])
	}
}

// naiveWords is Words of one text as its doc comment reads.
func naiveWords(text string) []string {
	var folded []rune
	for _, r := range norm.NFKD.String(text) {
		if !unicode.Is(unicode.M, r) {
			folded = append(folded, unicode.ToLower(r))
		}
	}
	words := strings.FieldsFunc(string(folded), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N) })
	for i, word := range words {
		for len(word) > 64 {
			_, size := utf8.DecodeLastRuneInString(word)
			word = word[:len(word)-size]
		}
		words[i] = word
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// Words of words are the same words: what was found in a value is found when typed.
// They are sorted, each once, within their bounds, and hold nothing to split at.
func TestWords_Laws(t *testing.T) {
	anything := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("aÁβΣςİıßﬁ½٣한\u0301\u0941-. 7😀"))))
	rapid.Check(t, func(t *rapid.T) {
		text := anything.Draw(t, "text")
		words := schema.Words(text)
		if !slices.IsSorted(words) || len(slices.Compact(slices.Clone(words))) != len(words) {
			t.Fatalf("%q: not sorted or not once: %q", text, words)
		}
		if want := naiveWords(text); !slices.Equal(words, want) {
			t.Fatalf("%q: got %q, want %q", text, words, want)
		}
		for _, word := range words {
			if word == "" || len(word) > 64 || !utf8.ValidString(word) {
				t.Fatalf("%q: bad word %q", text, word)
			}
		}
		if again := schema.Words(strings.Join(words, " ")); !slices.Equal(again, words) {
			t.Fatalf("%q: words %q of words %q", text, again, words)
		}
		if upper := schema.Words(strings.ToUpper(text)); strings.IndexFunc(text, func(r rune) bool { return r > 127 }) < 0 && !slices.Equal(upper, words) {
			t.Fatalf("%q: letter case changes the words: %q, %q", text, words, upper)
		}
	})
}
