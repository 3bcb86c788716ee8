package types

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/admin/condition"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
)

// order is what one post to the builder asks for. What it does is one of the commands of
// studio, by the same name or as a person at a form says it: "up", "label", "add-more".
type order struct {
	do      string
	path    []string
	setting string
	as      string // how value is written: text, number, yes, json
	value   string // as it was typed
	from    string // JSON of what its author saw
	kind    studio.Kind
	into    []string
	after   *string // key; nil where none was sent
	section *string
	choice  string // JSON of a choice's value
	example string // for the tester
	at      string // the field whose settings are shown, as encoded gives it
	edit    string // the setting of it that is edited where it stands
	page    string // of the browser that sent it
	once    string // a name for this order: sent again, it is not made again

	form  url.Values       // all of it, for a condition
	model *condition.Model // of form, once it is read
}

// making is an order for a condition that is being made.
func (o order) making(m *condition.Model) order {
	o.model = m
	return o
}

// readOrder reads the form.
func readOrder(v *ui.Visit) (order, error) {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return order{}, err
	}
	// A button that was pressed says what to do, whatever the form does by itself.
	do := form["do"]
	if len(do) == 0 {
		return order{}, ui.BadForm()
	}
	o := order{
		do: do[len(do)-1], path: decoded(form.Get("path")), setting: form.Get("setting"), as: form.Get("as"), value: form.Get("value"),
		from: form.Get("from"), kind: studio.Kind(form.Get("kind")), into: decoded(form.Get("into")), choice: form.Get("choice"),
		example: form.Get("example"), at: form.Get("at"), edit: form.Get("edit"), page: form.Get("page"), once: form.Get("once"), form: form,
	}
	o.after, o.section = given(form, "after"), given(form, "section")
	return o, nil
}

func given(form url.Values, name string) *string {
	if !form.Has(name) {
		return nil
	}
	s := form.Get(name)
	return &s
}

// command is what studio is to do, on the draft as it is.
func (o order) command(d *studio.Draft) (studio.Command, error) {
	switch o.do {
	case "set", "label":
		return o.set()
	case "add", "add-more":
		c := studio.Command{Do: "add", Path: o.into, Kind: o.kind, Label: o.value, Section: o.section}
		if o.after != nil {
			c.After = *o.after
		}
		return c, nil
	case "up", "down":
		return stepped(d, o.path, o.do == "up")
	case "move":
		c := studio.Command{Do: "move", Path: o.path, Section: o.section}
		if o.after != nil {
			c.After = *o.after
		}
		return c, nil
	case "move-into":
		c := studio.Command{Do: o.do, Path: o.path, Into: o.into, Section: o.section}
		if o.after != nil {
			c.After = *o.after
		}
		return c, nil
	case "move-to":
		return studio.Command{Do: "move-into", Path: o.path, Into: decoded(o.value)}, nil
	case "copy-to":
		return studio.Command{Do: "duplicate-into", Path: o.path, Into: decoded(o.value)}, nil
	case "in", "out":
		return steppedInto(d, o.path, o.do == "in")
	case "remove", "duplicate", "bring-back":
		return studio.Command{Do: o.do, Path: o.path}, nil
	case "rename-section":
		return studio.Command{Do: "set-section", From: readJSON(o.from), Value: o.value}, nil
	case "drop-section":
		return studio.Command{Do: "set-section", From: readJSON(o.from)}, nil
	case "set-condition", "set-required-when":
		return studio.Command{Do: o.do, Path: o.path, From: readJSON(o.from), Value: readJSON(o.value)}, nil
	case "no-condition":
		return studio.Command{Do: "set-" + o.setting, Path: o.path, From: readJSON(o.from)}, nil
	case "make-kind":
		return remade(d, o.path, studio.Kind(o.value))
	}
	return o.choiceCommand(d)
}

// set is a setting, by the value as it was typed.
func (o order) set() (studio.Command, error) {
	c := studio.Command{Do: "set", Path: o.path, Setting: o.setting, From: readJSON(o.from)}
	if o.do == "label" {
		c.Setting = "label"
	}
	var err error
	c.Value, err = readValue(c.Setting, o.as, o.value)
	return c, err
}

// choiceCommand is what is done to the choices of a field.
func (o order) choiceCommand(d *studio.Draft) (studio.Command, error) {
	c := studio.Command{Do: o.do, Path: o.path}
	switch o.do {
	case "add-choice":
		c.Label = o.value
		return c, nil
	case "set-choice":
		c.Value, c.Label, c.From = readJSON(o.choice), o.value, readJSON(o.from)
		return c, nil
	case "remove-choice":
		c.Value = readJSON(o.choice)
		return c, nil
	case "move-choice":
		c.Value = readJSON(o.choice)
		if o.after != nil && *o.after != "" {
			c.After = readJSON(*o.after)
		}
		return c, nil
	case "choice-up", "choice-down":
		return steppedChoice(d, o)
	}
	return c, ui.BadForm()
}

// readValue reads what was typed; nil for nothing. The error is a *studio.Refusal.
func readValue(setting, as, typed string) (any, error) {
	text := strings.TrimSpace(typed)
	switch {
	case as == "yes":
		if text == "true" {
			return true, nil
		}
		return nil, nil
	case text == "":
		return nil, nil
	case as == "number":
		// A comma is how many people write a decimal point.
		n, err := strconv.ParseFloat(strings.Replace(strings.ReplaceAll(text, " ", ""), ",", ".", 1), 64)
		if err != nil {
			return nil, &studio.Refusal{Field: setting, Message: schema.Says("This has to be a number, such as 12 or 0.5.")}
		}
		return n, nil
	case as == "json":
		return readJSON(text), nil
	case as == "lines" || as == "code":
		return strings.ReplaceAll(typed, "\r\n", "\n"), nil
	}
	return text, nil
}

// readJSON reads what a page of ours wrote into a form; nil for anything else.
func readJSON(text string) any {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return nil
	}
	return v
}

// asJSON writes a value for a form.
func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(text)
}

// siblings are the fields among which the one at a path stands, and where.
func siblings(d *studio.Draft, path []string) ([]*studio.Field, int) {
	list := d.Fields()
	if owner := ownerOf(path); owner != nil {
		f := d.Field(owner)
		if f == nil {
			return nil, -1
		}
		list = f.Fields
	}
	return list, slices.IndexFunc(list, func(f *studio.Field) bool { return slices.Equal(f.Path, path) })
}

// stepped moves a field by one place, up or down; at the edge of its heading, over it.
func stepped(d *studio.Draft, path []string, up bool) (studio.Command, error) {
	c := studio.Command{Do: "move", Path: path}
	if len(path) == 1 {
		return steppedOver(d, c, up)
	}
	list, at := siblings(d, path)
	if at < 0 {
		return c, nil // studio says that it is gone
	}
	to := at + 1
	if up {
		to = at - 2
	}
	c.After = keyAt(list, min(to, len(list)-1))
	return c, nil
}

// keyAt is the key of the field at a place, "" before the first.
func keyAt(list []*studio.Field, at int) string {
	if at < 0 || at >= len(list) {
		return ""
	}
	return list[at].Key()
}

func steppedOver(d *studio.Draft, c studio.Command, up bool) (studio.Command, error) {
	sections := d.Sections()
	for n, s := range sections {
		at := slices.IndexFunc(s.Fields, func(f *studio.Field) bool { return slices.Equal(f.Path, c.Path) })
		if at < 0 {
			continue
		}
		to := n
		switch {
		case up && at > 0:
			c.After = keyAt(s.Fields, at-2)
		case !up && at < len(s.Fields)-1:
			c.After = keyAt(s.Fields, at+1)
		case up && n > 0:
			to = n - 1
			c.After = keyAt(sections[to].Fields, len(sections[to].Fields)-1)
		case !up && n < len(sections)-1:
			to = n + 1
			c.After = ""
		default:
			c.After = keyAt(s.Fields, at-1)
		}
		c.Section = &sections[to].Title
		break
	}
	return c, nil
}

// steppedChoice moves a choice by one place.
func steppedChoice(d *studio.Draft, o order) (studio.Command, error) {
	value := readJSON(o.choice)
	c := studio.Command{Do: "move-choice", Path: o.path, Value: value}
	f := d.Field(o.path)
	if f == nil {
		return c, nil
	}
	at := slices.IndexFunc(f.Choices, func(one studio.Choice) bool { return asJSON(one.Value) == asJSON(value) })
	to := at - 2
	if o.do == "choice-down" {
		to = min(at+1, len(f.Choices)-1)
	}
	if at >= 0 && to >= 0 {
		c.After = f.Choices[to].Value
	}
	return c, nil
}

// remade makes a field that was never published one of another kind, with the label and
// the help it has.
func remade(d *studio.Draft, path []string, kind studio.Kind) (studio.Command, error) {
	c := studio.Command{Do: "set-json", Path: path}
	f := d.Field(path)
	info := studio.InfoOf(kind)
	if f == nil || f.Published || info.Example == "" {
		return c, &studio.Refusal{Path: path, Field: "kind", Message: schema.Says("The kind of a field stays once it was published: records hold values of it. Add a new field, and remove this one.")}
	}
	made, _ := readJSON(info.Example).(map[string]any)
	made["title"] = f.Name()
	if f.Help != "" {
		made["description"] = f.Help
	}
	if old, _ := f.Setting("json").(map[string]any); old["x-section"] != nil {
		made["x-section"] = old["x-section"]
	}
	c.From, c.Value = f.Setting("json"), made
	return c, nil
}
