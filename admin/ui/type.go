package ui

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// Drafts finds the draft of a type; collections.Engine does.
type Drafts interface {
	Draft(ctx context.Context, a collections.Actor, name string) (*collections.Draft, error)
}

// TypeTitle is what people call a type.
func TypeTitle(t *collections.Type) string { return cmp.Or(t.Schema.Title(), t.Name) }

// TypePath is the address of a type's pages. A published type's name needs no escaping.
func TypePath(name string) string { return "/admin/types/" + name }

// ToTypes is the way back from a type's pages.
func ToTypes(ctx context.Context) templates.Link {
	return templates.Link{Text: words.Say(ctx, "Types"), Href: "/admin"}
}

// ToRecords is the way back from a record's pages.
func ToRecords(t *collections.Type) templates.Link {
	return templates.Link{Text: TypeTitle(t), Href: TypePath(t.Name) + "/records"}
}

// TypeHead is the top of a type's pages.
func (k *Kit) TypeHead(v *Visit, drafts Drafts, t *collections.Type, tab templates.TypeTab) (templates.TypeHead, error) {
	head := templates.TypeHead{
		Name: t.Name, Title: TypeTitle(t), Description: t.Schema.Description(), Version: strconv.Itoa(t.Version), Tab: tab,
		Icon:    templates.TypeIcon(t.Schema.Icon()),
		Designs: v.Who.Actor.Role.Includes(collections.Designer),
	}
	if !head.Designs {
		return head, nil
	}
	_, err := drafts.Draft(v.UserContext(), v.Who.Actor, t.Name)
	head.Draft = err == nil
	if IsNotFound(err) {
		err = nil
	}
	return head, err
}

// RecordPath is the address of a record's page.
func RecordPath(d *collections.Document) string {
	return TypePath(d.Type) + "/records/" + url.PathEscape(d.ID)
}

// RecordName is what a record is called: its number and its first short text, or the
// beginning of its id.
func RecordName(ctx context.Context, s *schema.Schema, d *collections.Document) string {
	var parts []string
	for _, f := range show.Top(s) {
		text, _ := d.Value[f.Path[0]].(string)
		if text == "" || len(f.Enum) > 0 || f.Type != "string" || string(f.Strategy) == "text" {
			continue
		}
		parts = append(parts, show.Clip(text, show.CellRunes))
		if f.Serial == "" || len(parts) == 2 {
			break
		}
	}
	if len(parts) == 0 {
		return words.Say(ctx, "Record %s", show.Clip(d.ID, 8))
	}
	return strings.Join(parts, " · ")
}

// IsNotFound reports whether an error of the engine says that something is not there.
func IsNotFound(err error) bool {
	var known *collections.Error
	return errors.As(err, &known) && known.Code == collections.NotFound
}
