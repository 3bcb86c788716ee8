package studio

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// word says where in a field's schema a setting stands.
type word struct {
	name  string                      // the keyword
	where func(Kind) []string         // the keys on the way to the schema that has it; nil: the field's own
	check func(v any) schema.Sentence // what it must be, nothing when it is
}

// words are the settings that are one keyword each.
var words = map[string]word{
	"error":      {"x-error", nil, aText},
	"unit":       {"x-unit", nil, aText},
	"default":    {"default", nil, anything},
	"unique":     {"x-unique", nil, aYes},
	"index":      {"x-index", nil, aYes},
	"minimum":    {"minimum", nil, aNumber},
	"maximum":    {"maximum", nil, aNumber},
	"step":       {"multipleOf", nil, aPositive},
	"pattern":    {"pattern", nil, aText},
	"min-length": {"minLength", nil, aCount},
	"max-length": {"maxLength", ofElements, aCount},
	"min-items":  {"minItems", nil, aCount},
	"max-items":  {"maxItems", nil, aCount},
	"serial":     {"x-serial", nil, aSerial},
}

// ofElements leads to the elements of a list.
func ofElements(k Kind) []string {
	if k == Tags {
		return []string{"items"}
	}
	return nil
}

func anything(any) schema.Sentence { return schema.Sentence{} }

func aText(v any) schema.Sentence {
	if s, ok := v.(string); ok && strings.TrimSpace(s) != "" {
		return schema.Sentence{}
	}
	return schema.Says("a text")
}

func aYes(v any) schema.Sentence {
	if v == true {
		return schema.Sentence{}
	}
	return schema.Says("yes, or not set")
}

func aNumber(v any) schema.Sentence {
	if f, ok := v.(float64); ok && !math.IsNaN(f) && !math.IsInf(f, 0) {
		return schema.Sentence{}
	}
	return schema.Says("a number")
}

func aPositive(v any) schema.Sentence {
	if f, ok := v.(float64); ok && f > 0 {
		return schema.Sentence{}
	}
	return schema.Says("a number above 0")
}

func aCount(v any) schema.Sentence {
	if f, ok := v.(float64); ok && f >= 0 && f == math.Trunc(f) && f <= 1_000_000_000 {
		return schema.Sentence{}
	}
	return schema.Says("a whole number from 0 on")
}

var serialForm = regexp.MustCompile(`^[^{}]*\{0{1,12}\}[^{}]*$`)

func aSerial(v any) schema.Sentence {
	if s, ok := v.(string); ok && serialForm.MatchString(s) {
		return schema.Sentence{}
	}
	return schema.Says(`a text with the digits once in braces, as in "WO-{0000}"`)
}

// settingsOf reads the settings of a field that have no place of their own.
func settingsOf(k Kind, o *object) map[string]any {
	settings := map[string]any{}
	for _, s := range InfoOf(k).Settings {
		if v := settingOf(k, s.Name, o); v != nil {
			settings[s.Name] = v
		}
	}
	return settings
}

// settingOf reads one setting, nil where it is not set.
func settingOf(k Kind, name string, o *object) any {
	if w, ok := words[name]; ok {
		at := o
		if w.where != nil {
			for _, key := range w.where(k) {
				at = at.object(key)
			}
		}
		v := plain(at.get(w.name))
		if v == false && name != "default" {
			return nil
		}
		return v
	}
	switch name {
	case "merge":
		return mergeOf(k, o)
	case "whole":
		return orUnset(typeOf(o) == "integer")
	case "formatted":
		return orUnset(o.text("contentMediaType") == "text/markdown")
	case "many":
		return orUnset(typeOf(o) == "array")
	case "type":
		if typeOf(o) == "array" {
			o = o.object("items")
		}
		return orNil(o.text("x-ref"))
	}
	return nil
}

func orUnset(yes bool) any {
	if yes {
		return true
	}
	return nil
}

// setSetting writes one setting; nil takes it out. The error is a *Refusal.
func setSetting(k Kind, name string, o *object, v any) error {
	if w, ok := words[name]; ok {
		return w.write(k, name, o, v)
	}
	switch name {
	case "merge":
		return setMerge(k, o, v)
	case "whole":
		return setWhole(o, v)
	case "formatted":
		o.set("contentMediaType", map[bool]string{true: "text/markdown", false: "text/plain"}[v == true])
	case "many":
		setMany(o, v == true)
	case "type":
		if typeOf(o) == "array" {
			o = o.object("items")
		}
		return setReference(o, v)
	}
	return nil
}

func (w word) write(k Kind, name string, o *object, v any) error {
	if w.where != nil {
		for _, key := range w.where(k) {
			if o = o.object(key); o == nil {
				return refuse(name, "This field has no place for it.")
			}
		}
	}
	switch {
	case v == nil && name == "serial":
		return refuse(name, `A number series needs a form, such as "WO-{0000}".`)
	case v == nil || v == false && name != "default":
		o.drop(w.name)
		return nil
	}
	if want := w.check(v); !want.IsEmpty() {
		return refuse(name, "It must be %s.", want)
	}
	o.set(w.name, treeOf(v))
	return nil
}

func setWhole(o *object, v any) error {
	to, from := "number", "integer"
	if v == true {
		to, from = from, to
	}
	if list := o.list("type"); list != nil {
		for i, t := range list {
			if t == from {
				list[i] = to
			}
		}
		return nil
	}
	o.set("type", to)
	return nil
}

// setMany makes a reference to one record one to several, or back. What holds for each
// record moves along.
func setMany(o *object, many bool) {
	inner := []string{"x-ref", "x-input"}
	if many == (typeOf(o) == "array") {
		return
	}
	if many {
		items := newObject("type", "string")
		for _, word := range inner {
			if o.has(word) {
				items.set(word, o.get(word))
				o.drop(word)
			}
		}
		o.drop("x-merge")
		o.set("type", "array")
		o.set("uniqueItems", true)
		o.set("items", items)
		return
	}
	items := o.object("items")
	for _, word := range []string{"uniqueItems", "items", "minItems", "maxItems"} {
		o.drop(word)
	}
	o.set("type", "string")
	for _, word := range inner {
		if items.has(word) {
			o.set(word, items.get(word))
		}
	}
}

func setReference(o *object, v any) error {
	if v == nil {
		o.drop("x-ref")
		o.set("x-input", "reference")
		return nil
	}
	name, ok := v.(string)
	if !ok || name == "" {
		return refuse("type", "Choose the type whose records it refers to.")
	}
	o.set("x-ref", name)
	return nil
}

// Merge is one way in which a field can merge.
type Merge struct {
	Strategy crdt.Strategy
	Title    string          // "The newer one wins"
	Says     schema.Sentence // what happens when two people edit the field offline
	Chosen   bool
}

// ways are the ways to merge that there is a choice of.
var ways = map[crdt.Strategy]Merge{
	crdt.Register: {crdt.Register, "The newer one wins", schema.Says("The newer one wins; the other stays readable in the record's history."), false},
	crdt.Conflict: {crdt.Conflict, "Someone picks", schema.Says("Both are kept and shown side by side until someone picks one."), false},
	crdt.Text:     {crdt.Text, "Both texts are kept", schema.Says("Everybody's typing is kept, each run of it whole."), false},
	crdt.Max:      {crdt.Max, "The larger one stays", schema.Says("The larger one stays, whoever entered it last."), false},
	crdt.Min:      {crdt.Min, "The smaller one stays", schema.Says("The smaller one stays, whoever entered it last."), false},
}

// strategies are what a kind can be asked to merge by, its own first.
func (k Kind) strategies() []crdt.Strategy {
	switch k {
	case ShortText, Email, Phone, Link, YesNo, ChoiceOfOne, DateTime, Time, Person, Number:
		return []crdt.Strategy{crdt.Register, crdt.Conflict}
	case Reference:
		return []crdt.Strategy{crdt.Register, crdt.Conflict}
	case LongText:
		return []crdt.Strategy{crdt.Text, crdt.Register, crdt.Conflict}
	case Date:
		return []crdt.Strategy{crdt.Register, crdt.Conflict, crdt.Max, crdt.Min}
	case Meter:
		return []crdt.Strategy{crdt.Max, crdt.Min}
	}
	return nil
}

// mergesOf lists what a field can be asked to merge by. Where the draft is a type, the
// sentence of the one chosen is that of the type.
func mergesOf(f *Field) []Merge {
	if f.Kind == Reference && typeOf(f.node) == "array" {
		return nil
	}
	var list []Merge
	for _, s := range f.Kind.strategies() {
		m := ways[s]
		if f.Kind == Date && s == crdt.Max {
			m.Title, m.Says = "The later one stays", schema.Says("The later date stays, whoever entered it last.")
		}
		if f.Kind == Date && s == crdt.Min {
			m.Title, m.Says = "The earlier one stays", schema.Says("The earlier date stays, whoever entered it last.")
		}
		m.Chosen = mergeOf(f.Kind, f.node) == string(s)
		if m.Chosen && !f.Why.IsEmpty() {
			m.Says = f.Why
		}
		list = append(list, m)
	}
	return list
}

// mergeOf is the name of the strategy that a field asks for, its kind's own where it
// asks for none; nil for kinds without a choice.
func mergeOf(k Kind, o *object) any {
	can := k.strategies()
	if len(can) == 0 || k == Reference && typeOf(o) == "array" {
		return nil
	}
	if asked := o.text("x-merge"); asked != "" {
		return asked
	}
	if k == LongText && !strings.HasPrefix(o.text("contentMediaType"), "text/") {
		return string(crdt.Register)
	}
	return string(can[0])
}

// setMerge chooses a strategy; nil is the kind's own.
func setMerge(k Kind, o *object, v any) error {
	can := k.strategies()
	if len(can) == 0 || k == Reference && typeOf(o) == "array" {
		return refuse("merge", "There is no choice of how it merges.")
	}
	asked, _ := v.(string)
	if v == nil {
		asked = string(can[0])
	}
	for _, s := range can {
		if string(s) == asked {
			writeMerge(k, o, s)
			return nil
		}
	}
	var names []string
	for _, s := range can {
		names = append(names, string(s))
	}
	return refuse("merge", "It can merge by %s.", strings.Join(names, ", "))
}

func writeMerge(k Kind, o *object, s crdt.Strategy) {
	if k == LongText {
		// Long text that does not merge as a text is still entered as one.
		if s == crdt.Text {
			o.drop("x-input")
		} else {
			o.set("x-input", "long")
		}
		if !strings.HasPrefix(o.text("contentMediaType"), "text/") {
			o.set("contentMediaType", "text/plain")
		}
	}
	if s == k.strategies()[0] && k != Meter {
		o.drop("x-merge")
		return
	}
	o.set("x-merge", string(s))
}

// valueOf reads a value that a command carries, as plain JSON.
func valueOf(v any) any {
	if raw, ok := v.(json.RawMessage); ok {
		tree, err := decodeTree(raw)
		if err != nil {
			return nil
		}
		return plain(tree)
	}
	return plain(treeOf(v))
}
