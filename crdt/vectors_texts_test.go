package crdt_test

import (
	"encoding/hex"
	"errors"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// textVector is a text of JSON and its one canonical spelling, or that it is refused.
type textVector struct {
	Name      string  `json:"name"`
	Text      string  `json:"text"`
	Hex       string  `json:"hex"` // instead of Text, where that is not UTF-8
	Canonical string  `json:"canonical"`
	Refused   bool    `json:"refused"`
	Path      *string `json:"path"` // refused: where, as a JSON Pointer, if it matters
}

// checkTexts reads all texts of a file by read, which gives the canonical spelling.
func checkTexts(t *testing.T, name string, read func(text []byte) (string, error)) {
	t.Helper()
	var file struct {
		About string       `json:"about"`
		Texts []textVector `json:"texts"`
	}
	readStrictly(t, "testdata/vectors/"+name, &file)
	for _, k := range file.Texts {
		t.Run(k.Name, func(t *testing.T) {
			got, err := read(k.bytes(t))
			if k.Refused {
				k.checkRefusal(t, err)
				return
			}
			if err != nil || got != k.Canonical {
				t.Fatalf("reads as\n%s, %v\nwant\n%s", got, err, k.Canonical)
			}
			if again, err := read([]byte(got)); again != got || err != nil {
				t.Errorf("the canonical spelling reads as\n%s, %v", again, err)
			}
		})
	}
}

func (k *textVector) bytes(t *testing.T) []byte {
	t.Helper()
	if k.Hex == "" {
		return []byte(k.Text)
	}
	text, err := hex.DecodeString(k.Hex)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (k *textVector) checkRefusal(t *testing.T, err error) {
	t.Helper()
	var refusal *crdt.ValueError
	if !errors.As(err, &refusal) {
		t.Fatalf("%v, want a refusal", err)
	}
	if k.Path != nil && refusal.Path != *k.Path {
		t.Errorf("%q is blamed (%v), want %q", refusal.Path, err, *k.Path)
	}
}

func TestVectors_CanonicalJSON(t *testing.T) {
	checkTexts(t, "canonical-json.json", func(text []byte) (string, error) {
		v, err := crdt.ParseValue(text, crdt.Limits{})
		if err != nil {
			return "", err
		}
		return crdt.Canonical(v), nil
	})
}

func TestVectors_ChangeTexts(t *testing.T) {
	checkTexts(t, "change-texts.json", func(text []byte) (string, error) {
		c, err := crdt.ParseChange(text, crdt.Limits{})
		if err != nil {
			return "", err
		}
		return string(crdt.AppendChange(nil, c)), nil
	})
}

// A clock that is shown the time gives a reading; one that is shown a stamp does not.
func TestVectors_Clock(t *testing.T) {
	var file struct {
		About  string `json:"about"`
		Clocks []struct {
			Name  string    `json:"name"`
			Why   string    `json:"why"`
			Last  crdt.Time `json:"last"`
			Steps []struct {
				Now     int64      `json:"now"`
				Gives   *crdt.Time `json:"gives"`
				Observe crdt.Time  `json:"observe"`
			} `json:"steps"`
		} `json:"clocks"`
	}
	readStrictly(t, "testdata/vectors/clock.json", &file)
	for _, k := range file.Clocks {
		t.Run(k.Name, func(t *testing.T) {
			clock := crdt.Clock{Last: k.Last}
			for i, step := range k.Steps {
				if step.Gives == nil {
					clock.Observe(step.Observe)
				} else if got := clock.Next(step.Now); got != *step.Gives {
					t.Errorf("step %d gives %s, want %s", i, got, *step.Gives)
				}
			}
		})
	}
}
