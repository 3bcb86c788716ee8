// Package story is how a page tells what it looks like: a component with a model made
// up for it. Tests hold stories against their golden files and put hostile strings into
// them; a server in development shows them at /admin/_stories.
package story

import (
	"github.com/a-h/templ"

	"github.com/fieldstack/fieldstack/templates"
)

// Story is one component with one model. Immutable.
type Story struct {
	Name   string // within its area; lower case with hyphens
	Model  any
	render func(model any) templ.Component
}

// Tell makes a story of a component and a model that shows what there is to it.
func Tell[M any](name string, view func(M) templ.Component, model M) Story {
	return Story{name, model, func(m any) templ.Component { return view(m.(M)) }}
}

// With is the same story about another model, of the same type.
func (s Story) With(model any) Story { return Story{s.Name, model, s.render} }

// Component is the page.
func (s Story) Component() templ.Component { return s.render(s.Model) }

// Olga owns the server of the stories, and Wim works.
func Olga() *templates.Person {
	return &templates.Person{Name: "olga", Role: "owner", Designs: true, Manages: true, Attends: true}
}

// Wim may see and edit records.
func Wim() *templates.Person { return &templates.Person{Name: "wim", Role: "worker"} }

// Noon is a moment.
func Noon() templates.Moment {
	return templates.Moment{Machine: "2026-11-22T12:00:00.000Z", Exact: "2026-11-22 12:00:00 UTC", Text: "3 min ago"}
}

// ToTypes is the way back to the start.
func ToTypes() templates.Link { return templates.Link{Text: "Types", Href: "/admin"} }

// Frame is a frame with all that may be in one.
func Frame(title string) templates.Frame {
	return templates.Frame{
		Title: title, Person: Olga(), Section: templates.SectionTypes, Trail: []templates.Link{ToTypes()}, Notice: "It is done.",
		Version: "fieldstack 1.0", Server: "Harbour works", Attention: "3",
	}
}

// Typed is a field of a form that was filled in wrongly.
func Typed(name, label string) templates.Input {
	return templates.Input{Name: name, Label: label, Hint: "How to fill it in.", Value: "typed", Error: "This is not right.", Complete: "username", Required: true, Focus: true}
}

// Choices is some choices.
func Choices() []templates.Choice {
	return []templates.Choice{{Value: "editor", Label: "editor", Hint: "Works with all records."}, {Value: "worker", Label: "worker", Chosen: true}}
}

// WorkOrders is the head of a type's pages.
func WorkOrders(tab templates.TypeTab) templates.TypeHead {
	return templates.TypeHead{Name: "work-order", Title: "Work order", Description: "One job.", Version: "2", Tab: tab, Designs: true, Draft: true}
}
