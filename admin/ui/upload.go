package ui

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

// Upload is what came with a form that has a file in the field "file".
type Upload struct {
	Name string // of the file, as it may be shown, not as a way to anything
	Size int64
	Form url.Values // the other fields
}

// formBytes is what the fields of a form beside its file may have together, and what the
// form needs around the file.
const formBytes = 64 << 10

// PostFile is a route that takes a form with a file of at most limit bytes, which its
// handler reads by ReadUpload.
func (k *Kit) PostFile(path string, access web.Access, limit int64, h func(*Visit) error) web.Route {
	r := k.Post(path, access, h)
	r.Upload = limit + formBytes
	return r
}

// ReadUpload reads a form as it arrives, and writes its file to w.
func ReadUpload(v *Visit, w io.Writer) (*Upload, error) {
	_, params, err := mime.ParseMediaType(v.Get(fiber.HeaderContentType))
	if err != nil {
		return nil, BadForm()
	}
	body, err := web.Upload(v.Ctx, MultipartType)
	if err != nil {
		return nil, err
	}
	u, r := &Upload{Form: url.Values{}}, multipart.NewReader(body, params["boundary"])
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = u.take(part, w)
		}
		if err != nil {
			return nil, arrived(err)
		}
	}
	if u.Name == "" || u.Size == 0 {
		return nil, collections.Errorf(collections.Invalid, "file", "Choose a file that has something in it.")
	}
	return u, nil
}

// take takes one field in.
func (u *Upload) take(part *multipart.Part, w io.Writer) (err error) {
	if part.FormName() == "file" {
		u.Name = plainName(part.FileName())
		u.Size, err = io.Copy(w, part)
		return err
	}
	text, err := io.ReadAll(io.LimitReader(part, formBytes))
	u.Form.Add(part.FormName(), string(text))
	return err
}

// arrived says what is wrong with a form that did not arrive whole. What is too large
// says so itself, and what could not be written is the server's own fault.
func arrived(err error) error {
	var known *collections.Error
	var fibers *fiber.Error
	var disk *fs.PathError
	switch {
	case errors.As(err, &known), errors.As(err, &fibers), errors.As(err, &disk):
		return err
	}
	return BadForm()
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
