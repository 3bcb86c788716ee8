package studio

import (
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// Command is one small change of a draft. As JSON it travels in a form post.
//
// What each does, and which members it reads beside Do and Path:
//
//	add            a new field of Kind with the label Label, inside Path (nil: the record;
//	               for columns of rows the path of the rows and "*"), After a field there;
//	               Section puts it under a heading. Kind "section" adds a heading, Label.
//	set            Setting of the field to Value (nil: no longer set). Path nil: of the
//	               type, its label, help and icon.
//	move           the field to stand After another of the same group (""  first), and
//	               under the heading Section.
//	move-into      the field to stand Into a group, rows or the record (nil), After a field
//	               there: only one that was never published, because its path changes.
//	remove         the field; it waits in the tray. Forget: one that was never published
//	               does not.
//	bring-back     the field at Path from the tray.
//	duplicate      the field, under the label Label ("": "… (copy)").
//	duplicate-into  a copy Into a group, rows or the record, as move-into. It begins empty.
//	add-choice     Label, After the value of another (JSON; nil: at the end).
//	set-choice     the label of the choice Value to Label; From is the label that was seen.
//	move-choice    the choice Value After another (nil: first).
//	remove-choice  the choice Value.
//	set-condition  when the field is shown: Value is a condition, nil for always.
//	set-required-when  when it is required: a condition, nil for no condition.
//	set-section    the heading From to Value: Path nil renames it, or takes it away where
//	               Value is nil; with the path of a field, begins the heading Value there.
//	set-title      the title of the type to Value.
//	replace        the whole text: From is the text that was seen, Value the new one, both
//	               as text. What else changed meanwhile stays.
//	set-json       the schema of one field to Value, a text or JSON.
type Command struct {
	Do      string   `json:"do"`
	Path    []string `json:"path,omitempty"`
	Kind    Kind     `json:"kind,omitempty"`
	Label   string   `json:"label,omitempty"`
	Setting string   `json:"setting,omitempty"`
	Value   any      `json:"value,omitempty"`

	// From is what its author saw where Value is to stand; nil: that nothing was set. If
	// it is something else by now, and not Value either, the command is a [Clash].
	From any `json:"from,omitempty"`

	// After is the key of the field, or the value of the choice, that it is to stand
	// after. "" (for a field) is first; nil is last, but where a command says otherwise.
	After any `json:"after,omitempty"`

	// Into is the path that a field is to stand in, as Field.Into gives it; nil: the record.
	Into []string `json:"into,omitempty"`

	Section *string `json:"section,omitempty"` // nil: that of the field it stands after
	Forget  bool    `json:"forget,omitempty"`
}

// Refusal is why a command is not made, in a sentence for its author.
type Refusal struct {
	Path    []string // of the field; nil for the type
	Field   string   // the name of the setting or member that it is about: "label", "maximum", …
	Message schema.Sentence
}

func (e *Refusal) Error() string { return e.Message.String() }

// Says is what the refusal says.
func (e *Refusal) Says() schema.Sentence { return e.Message }

func refuse(field, format string, args ...any) error {
	return &Refusal{Field: field, Message: schema.WithErrors(format, args...)}
}

// Clash is two people having changed one setting to different things. Nothing was
// written; who wants Mine after all sends the command again with From set to Theirs.
type Clash struct {
	Path    []string
	Setting string
	Mine    any // as plain JSON, nil for not set
	Theirs  any // what stands there now
	From    any // what both began from
}

func (e *Clash) Error() string { return e.Says().String() }

// Says is what the clash says.
func (e *Clash) Says() schema.Sentence {
	if len(e.Path) == 0 {
		return schema.Says("Somebody else changed %s of the type meanwhile: choose which is to stay.", settingWords(e.Setting))
	}
	return schema.Says("Somebody else changed %s of %q meanwhile: choose which is to stay.", settingWords(e.Setting), strings.Join(e.Path, "."))
}

// settingWords names a setting within a sentence; what is none is a place in the JSON.
func settingWords(name string) any {
	switch name {
	case "label":
		return schema.Says("the label")
	case "help":
		return schema.Says("the help text")
	case "required", "required-when":
		return schema.Says("when it is required")
	case "condition":
		return schema.Says("when it is shown")
	}
	for _, kind := range gallery {
		for _, s := range kind.Settings {
			if s.Name == name {
				return schema.Says("“%s”", schema.Says(s.Title))
			}
		}
	}
	return name
}
