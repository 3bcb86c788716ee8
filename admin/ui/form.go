package ui

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

// The encodings of a form.
const (
	FormType      = "application/x-www-form-urlencoded"
	MultipartType = "multipart/form-data"
)

// ReadForm reads the fields of a form that was sent, of either encoding; an uploaded
// file is the text of its field. What is in the address does not count.
func ReadForm(c *fiber.Ctx) (url.Values, error) {
	kind, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil && len(c.Request().Body()) == 0 {
		return url.Values{}, nil
	}
	if kind == MultipartType {
		body, err := web.Body(c, MultipartType)
		if err != nil {
			return nil, err
		}
		return readParts(multipart.NewReader(bytes.NewReader(body), params["boundary"]))
	}
	body, err := web.Body(c, FormType)
	if err != nil {
		return nil, err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, BadForm()
	}
	return values, nil
}

// readParts reads a multipart form, which web's limit on bodies bounds.
func readParts(r *multipart.Reader) (url.Values, error) {
	values := url.Values{}
	for {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return values, nil
		}
		if err != nil {
			return nil, BadForm()
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return nil, BadForm()
		}
		values.Add(part.FormName(), string(text))
	}
}

// BadForm is the error of a form that misses what our own pages put into it.
func BadForm() error {
	return collections.Errorf(collections.Invalid, "", "The form did not arrive whole: go back and send it again.")
}
