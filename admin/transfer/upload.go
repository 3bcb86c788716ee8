package transfer

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

// upload is a file that was sent with a form.
type upload struct {
	name string // as it may be shown, not as a way to anything
	data []byte
	form url.Values // the other fields
}

// readUpload reads a form with a file in the field "file".
func readUpload(v *ui.Visit) (*upload, error) {
	_, params, err := mime.ParseMediaType(v.Get(fiber.HeaderContentType))
	if err != nil {
		return nil, ui.BadForm()
	}
	body, err := web.Body(v.Ctx, ui.MultipartType)
	if err != nil {
		return nil, err
	}
	u, r := &upload{form: url.Values{}}, multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, ui.BadForm()
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, ui.BadForm()
		}
		if part.FormName() == "file" {
			u.name, u.data = plainName(part.FileName()), data
		} else {
			u.form.Add(part.FormName(), string(data))
		}
	}
	if u.name == "" || len(u.data) == 0 {
		return nil, collections.Errorf(collections.Invalid, "file", "Choose a file that has something in it.")
	}
	return u, nil
}

// nameRunes bounds the name of a file.
const nameRunes = 100

// plainName is the last part of a file's name with nothing in it that is not seen.
func plainName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > nameRunes {
		name = string(runes[:nameRunes])
	}
	return strings.TrimSpace(name)
}
