package studio

import (
	"encoding/json"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Field is one field of a draft as the builder shows it. It belongs to its draft: do
// not change it.
type Field struct {
	// Path goes through groups by key; "*" stands for a row. So it is that of
	// schema.Field. It never changes.
	Path  []string
	Kind  Kind
	Label string // as typed; "" where there is none and the key speaks
	Help  string

	// Section is the heading that it stands under, "" for none. Only fields of the
	// record itself have one.
	Section string

	Required     bool              // always, or whenever it is shown if it has a When
	RequiredWhen *schema.Condition // nil: not by a condition
	When         *schema.Condition // nil: always shown

	// Settings are its other settings by name, as plain JSON; what is not set is not
	// there. Which there are says InfoOf(Kind).Settings.
	Settings map[string]any
	Choices  []Choice // of a choice

	Strategy crdt.Strategy   // "" while the draft is no type
	Why      schema.Sentence // what happens when two people edit it offline
	Merges   []Merge         // what can be chosen; less than two: nothing

	Problems  []*schema.SchemaError // of it, not of the fields below
	Notes     []schema.Sentence     // what it still lacks, none of them an error
	Published bool                  // a version has it
	Elsewhere bool                  // written where only the JSON shows it, such as in a branch: no command changes it
	Fields    []*Field              // of a group, or the columns of rows
	Raw       json.RawMessage       // its schema

	node *object
}

// Key is the last step of its path: the key that records hold it under.
func (f *Field) Key() string {
	if len(f.Path) == 0 {
		return ""
	}
	return f.Path[len(f.Path)-1]
}

// Name is what people call it: its label, or its key in words.
func (f *Field) Name() string {
	if f.Label != "" {
		return f.Label
	}
	return schema.ChoiceWords(f.Key())
}

// Setting is one of its settings by name, those with a place of their own included:
// label, help, required, json. Nil where it is not set.
func (f *Field) Setting(name string) any {
	switch name {
	case "label":
		return orNil(f.Label)
	case "help":
		return orNil(f.Help)
	case "required":
		if f.Required {
			return true
		}
		return nil
	case "json":
		return plain(f.node)
	}
	return f.Settings[name]
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// Into is the path that a new field inside this one is added at, nil where it can hold
// none.
func (f *Field) Into() []string {
	switch f.Kind {
	case Group, Address, Checklist:
		return f.Path
	case Rows:
		return below(f.Path, "*")
	}
	return nil
}

// below is the path of a field inside that at path.
func below(path []string, key string) []string {
	return append(append([]string{}, path...), key)
}
