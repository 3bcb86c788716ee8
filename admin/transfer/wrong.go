package transfer

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/sheets"
	"github.com/fieldstack/fieldstack/templates/words"
)

// wrongRows answers with the rows that do not fit, as they were, each with its line and
// the reason: a table to mend and to import again.
func (p *pages) wrongRows(v *ui.Visit) error {
	at, err := p.visit(v)
	if err != nil {
		return err
	}
	ctx, now := v.UserContext(), at.look()
	_, faults := now.wrong.look()
	if now.run == "" {
		_, faults = p.checkOf(ctx, at).found.look()
	}
	heads := append([]string{words.Say(ctx, "Line"), words.Say(ctx, "Column"), words.Say(ctx, "What is wrong")}, now.table.columns...)
	var out bytes.Buffer
	w, err := sheets.NewWriter(&out, sheets.CSV, heads)
	if err != nil {
		return err
	}
	for _, f := range faults {
		cells := []sheets.Cell{sheets.OfNumber(float64(f.line)), sheets.OfText(f.column), sheets.OfText(show.Sentence(ctx, f.reason))}
		for _, text := range f.cells {
			cells = append(cells, sheets.OfText(text))
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	v.Set(fiber.HeaderContentType, sheets.CSV.ContentType())
	v.Set(fiber.HeaderContentDisposition, `attachment; filename="`+at.typ+`-wrong-rows.csv"`)
	v.Response().SetBodyRaw(out.Bytes())
	return nil
}
