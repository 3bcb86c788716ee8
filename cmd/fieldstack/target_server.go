package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// serverTarget works on a running server.
type serverTarget struct{ *remote }

// wireType is a type as the API gives it.
type wireType struct {
	Name    string
	Version int
	Schema  json.RawMessage
}

func (w wireType) parse() (typeVersion, error) {
	s, err := schema.Parse(w.Schema)
	return typeVersion{w.Name, w.Version, s}, err
}

func (r serverTarget) types(ctx context.Context) ([]typeVersion, error) {
	var answer struct{ Types []wireType }
	if err := r.call(ctx, http.MethodGet, "/api/_types", nil, &answer); err != nil {
		return nil, err
	}
	list := make([]typeVersion, len(answer.Types))
	for i, w := range answer.Types {
		var err error
		if list[i], err = w.parse(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (r serverTarget) latest(ctx context.Context, typ string) (*schema.Schema, int, error) {
	var w wireType
	err := r.call(ctx, http.MethodGet, typePath(typ), nil, &w)
	if isStatus(err, http.StatusNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	t, err := w.parse()
	return t.schema, t.version, err
}

func typePath(typ string) string { return "/api/_types/" + url.PathEscape(typ) }

func isStatus(err error, status int) bool {
	var answer *remoteError
	return errors.As(err, &answer) && answer.Status == status
}

func (r serverTarget) saveDraft(ctx context.Context, typ string, text []byte) error {
	var had struct{ Rev uint64 }
	if err := r.call(ctx, http.MethodGet, typePath(typ)+"/draft", nil, &had); err != nil && !isStatus(err, http.StatusNotFound) {
		return err
	}
	draft := map[string]any{"rev": had.Rev, "schema": json.RawMessage(text)}
	return r.call(ctx, http.MethodPut, typePath(typ)+"/draft", draft, nil)
}

func (r serverTarget) publishDraft(ctx context.Context, typ string) (int, error) {
	var published struct{ Version int }
	err := r.call(ctx, http.MethodPost, typePath(typ)+"/publish", map[string]any{}, &published)
	return published.Version, err
}

func (r serverTarget) write(ctx context.Context, typ string, writes []collections.Write) ([]collections.WriteResult, error) {
	added := make([]map[string]any, len(writes))
	for i, w := range writes {
		if w.Modify || w.Remove {
			return nil, errors.New("only new records can be written to a server from here")
		}
		added[i] = map[string]any{"value": w.Value}
		if w.ID != "" {
			added[i]["id"] = w.ID
		}
	}
	var answer struct{ Added []collections.WriteResult }
	err := r.call(ctx, http.MethodPost, "/api/"+url.PathEscape(typ), map[string]any{"added": added}, &answer)
	return answer.Added, err
}

func (r serverTarget) page(ctx context.Context, typ, after string) ([]map[string]any, string, error) {
	query := url.Values{"limit": {"500"}}
	if after != "" {
		query.Set("after", after)
	}
	resp, err := r.send(ctx, http.MethodGet, "/api/"+url.PathEscape(typ)+"?"+query.Encode(), nil)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	var page struct {
		Documents []map[string]any
		Next      string
	}
	err = json.NewDecoder(resp.Body).Decode(&page)
	return page.Documents, page.Next, err
}

func (r serverTarget) close() error { return nil }
