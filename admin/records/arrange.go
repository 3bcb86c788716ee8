package records

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
	shown "github.com/fieldstack/fieldstack/templates/records"
)

// This file is about arranging the columns of a list: everybody for themselves, for each
// view.

func (p *pages) columnRoutes() []web.Route {
	return []web.Route{p.Post("/admin/types/:type/records/columns", web.SignedIn, p.arrange)}
}

// kept is the column as a view or a layout keeps it.
func (c column) kept() views.Column {
	path := c.field.Path
	if c.own {
		path = []string{c.key}
	}
	return views.Column{Path: path, Width: c.width, Frozen: c.frozen}
}

// columnsFor makes columns of those that were kept, without those that the type, as its
// reader sees it, does not have. The first is always frozen.
func columnsFor(s *schema.Schema, kept []views.Column) []column {
	var columns []column
	for _, k := range kept {
		c, ok := columnOf(s, k.Path)
		if !ok {
			continue
		}
		if k.Width > 0 {
			c.width = min(max(k.Width, minWidth), maxWidth)
		}
		c.frozen = k.Frozen
		columns = append(columns, c)
	}
	if len(columns) == 0 {
		return usualColumns(s)
	}
	columns[0].frozen = true
	return frozenFirst(columns)
}

// frozenFirst puts the frozen columns before the others: they stand at the side.
func frozenFirst(columns []column) []column {
	slices.SortStableFunc(columns, func(a, b column) int {
		switch {
		case a.frozen == b.frozen:
			return 0
		case a.frozen:
			return -1
		}
		return 1
	})
	return columns
}

func columnOf(s *schema.Schema, path []string) (column, bool) {
	if len(path) == 1 && slices.Contains(ownColumns(), path[0]) {
		return ownColumn(path[0]), true
	}
	f, known := s.Field(path)
	if !known || slices.Contains(f.Path, "*") {
		return column{}, false
	}
	return fieldColumn(f), true
}

// allColumns are all that there can be, those that are shown first, in their order.
func (s *sight) allColumns() []column {
	all := slices.Clone(s.columns)
	add := func(c column) {
		if !slices.ContainsFunc(all, func(o column) bool { return o.key == c.key }) {
			all = append(all, c)
		}
	}
	for _, f := range s.typ.Schema.Fields() {
		if !slices.Contains(f.Path, "*") {
			add(fieldColumn(f))
		}
	}
	for _, key := range ownColumns() {
		add(ownColumn(key))
	}
	return all
}

// columnMenu is the panel in which columns are chosen.
func (s *sight) columnMenu(ctx context.Context) shown.ColumnMenu {
	menu := shown.ColumnMenu{Path: s.address.path, From: s.address.query().Encode(), Compact: s.compact, Open: s.address.open == "columns"}
	for i, c := range s.allColumns() {
		choice := shown.ColumnChoice{Key: c.key, Label: c.label(ctx, s.typ.Schema), Shown: i < len(s.columns), Frozen: c.frozen}
		if choice.Shown {
			choice.Up, choice.Down = i > 0, i < len(s.columns)-1
		}
		menu.Columns = append(menu.Columns, choice)
	}
	return menu
}

// arrange keeps how somebody wants the columns of a list.
func (p *pages) arrange(v *ui.Visit) error {
	f, err := p.readViewForm(v)
	if err != nil {
		return err
	}
	columns := f.sight.arranged(f.Values)
	err = p.views.Arrange(v.UserContext(), v.Actor(), f.sight.typ.Name, f.sight.address.view, func(l *views.Layout) {
		l.Compact = f.Get("compact") == "yes"
		l.Columns = nil
		if f.Get("do") == "usual" {
			return
		}
		for _, c := range columns {
			l.Columns = append(l.Columns, c.kept())
		}
	})
	if err != nil {
		return err
	}
	return v.Redirect(f.back(func(a *address) { a.open = "columns" }), fiber.StatusSeeOther)
}

// arranged is what a form makes of the columns: "column" names those to be shown, in
// order; "frozen" those that stand still; "width" is key and pixels with a colon between
// them; "do" moves one up or down: "up:KEY".
func (s *sight) arranged(form url.Values) []column {
	all := s.allColumns()
	find := func(key string) int { return slices.IndexFunc(all, func(c column) bool { return c.key == key }) }
	for _, text := range form["width"] {
		at := strings.LastIndexByte(text, ':')
		if at < 0 {
			continue
		}
		px, err := strconv.Atoi(text[at+1:])
		if i := find(text[:at]); err == nil && i >= 0 {
			all[i].width = min(max(px, minWidth), maxWidth)
		}
	}
	var columns []column
	for _, key := range form["column"] {
		if i := find(key); i >= 0 && !slices.ContainsFunc(columns, func(c column) bool { return c.key == key }) {
			c := all[i]
			c.frozen = slices.Contains(form["frozen"], key)
			columns = append(columns, c)
		}
	}
	if len(columns) == 0 {
		return s.columns
	}
	if way, key, ok := strings.Cut(form.Get("do"), ":"); ok {
		move(columns, key, way)
	}
	columns[0].frozen = true
	return frozenFirst(columns)
}

// move puts a column one place up or down. Whether it stands still it takes from where
// it comes to stand.
func move(columns []column, key, way string) {
	i := slices.IndexFunc(columns, func(c column) bool { return c.key == key })
	j := i + 1
	if way == "up" {
		j = i - 1
	}
	if i < 0 || j < 0 || j >= len(columns) || way != "up" && way != "down" {
		return
	}
	columns[i], columns[j] = columns[j], columns[i]
	columns[i].frozen, columns[j].frozen = columns[j].frozen, columns[i].frozen
}
