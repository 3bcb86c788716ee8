package types

import "github.com/fieldstack/fieldstack/templates"

// ListPage lists the types, or says how to begin where there are none.
type ListPage struct {
	templates.Frame
	Cards []TypeCard
	Start Start // how to begin one; shown where there is none yet
}

// TypeCard is one type in the list.
type TypeCard struct {
	Name, Title, Description string
	Icon                     string // "" for none
	Letter                   string // stands for it where there is no picture
	Tone                     string // one of tone-0 … tone-5
	Records                  string // where its records are; "" for one that was never published
	Form                     string // where it is edited; "" for who may not
	Version                  string
	Fields                   string // "12 fields"
	Published                templates.Moment
	Attention                string // how many records need attention: "3", "over 20"; "" for none
	AttentionAt              string
	Draft                    bool // has edits that are not published
	By                       string
	Saved                    templates.Moment // of the draft
}

// href is where the card as a whole leads.
func (c TypeCard) href() string {
	if c.Records != "" {
		return c.Records
	}
	return c.Form
}

// NewPage is the ways to begin a type.
type NewPage struct {
	templates.Frame
	Start Start
}

// Start is the ways to begin a type.
type Start struct {
	Title    templates.Input
	Name     templates.Input // shown open where it is what is wrong
	Starters []StarterCard
	Ways     []WayCard
}

// StarterCard is a type to start from, with some of its fields.
type StarterCard struct {
	Name, Title, About, Icon string
	Fields                   []StarterField
	More                     string // "and 15 more"
}

// StarterField is one of them.
type StarterField struct{ Label, Icon string }

// WayCard is another way to begin.
type WayCard struct{ Title, About, Icon, Href, Do string }
