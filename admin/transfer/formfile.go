package transfer

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/sheets"
	"github.com/fieldstack/fieldstack/studio/xlsform"
)

// formFile answers with a type as an XLSForm, of the fields that its asker may see.
func (p *pages) formFile(v *ui.Visit) error {
	t, err := p.Engine.Type(v.UserContext(), v.Actor(), v.Params("type"), 0)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if _, err := xlsform.Write(&out, t.Name, t.Schema.JSON()); err != nil {
		return err
	}
	v.Set(fiber.HeaderContentType, sheets.XLSX.ContentType())
	v.Set(fiber.HeaderContentDisposition, `attachment; filename="`+t.Name+`-form.xlsx"`)
	v.Response().SetBodyRaw(out.Bytes())
	return nil
}
