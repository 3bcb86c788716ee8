package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// target is where a command works: a data folder, or a running server.
type target interface {
	// latest gives the latest version of a type; nil, 0 when there is none.
	latest(ctx context.Context, typ string) (*schema.Schema, int, error)
	// types lists the latest version of every type.
	types(ctx context.Context) ([]typeVersion, error)
	// saveDraft keeps a schema as the draft of a type, over whatever draft there is.
	saveDraft(ctx context.Context, typ string, text []byte) error
	// publishDraft makes the draft of a type its next version.
	publishDraft(ctx context.Context, typ string) (version int, err error)
	// write does many writes of one type, with an answer for each.
	write(ctx context.Context, typ string, writes []collections.Write) ([]collections.WriteResult, error)
	// page reads live documents by id, 500 at a time; next is "" on the last page.
	page(ctx context.Context, typ, after string) (docs []map[string]any, next string, err error)
	close() error
}

// typeVersion is one version of a type.
type typeVersion struct {
	name    string
	version int
	schema  *schema.Schema
}

// targetFlags are the flags that choose a target.
type targetFlags struct{ data, server, token string }

func (f *targetFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.data, "data", defaultData, "the data folder; no server may be running on it")
	cmd.Flags().StringVar(&f.server, "server", "", "work on a running server instead, e.g. http://127.0.0.1:8090")
	cmd.Flags().StringVar(&f.token, "token", "", "the API token for --server; make one with 'fieldstack token create'")
}

// open opens the target that the flags name.
func (f *targetFlags) open(ctx context.Context) (target, error) {
	if f.server == "" {
		return openLocal(ctx, f.data)
	}
	if f.token == "" {
		return nil, errors.New("--server needs --token (or FIELDSTACK_TOKEN): make one with 'fieldstack token create'")
	}
	return remoteTarget{newRemote(f.server, f.token)}, nil
}

// operator is who works on a data folder: whoever can open it may do all.
var operator = collections.Actor{User: "operator", Name: "operator", Role: collections.Owner}

// localTarget works on a data folder.
type localTarget struct{ engine *collections.Engine }

func openLocal(ctx context.Context, dir string) (*localTarget, error) {
	engine, err := openEngine(ctx, dir)
	if err != nil {
		return nil, err
	}
	return &localTarget{engine}, nil
}

func (l *localTarget) latest(ctx context.Context, typ string) (*schema.Schema, int, error) {
	t, err := l.engine.Type(ctx, operator, typ, 0)
	if hasCode(err, collections.NotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	return t.Schema, t.Version, nil
}

func (l *localTarget) types(ctx context.Context) ([]typeVersion, error) {
	types, err := l.engine.Types(ctx, operator)
	list := make([]typeVersion, len(types))
	for i, t := range types {
		list[i] = typeVersion{t.Name, t.Version, t.Schema}
	}
	return list, err
}

func (l *localTarget) saveDraft(ctx context.Context, typ string, text []byte) error {
	draft := collections.Draft{Name: typ, Schema: text}
	if had, err := l.engine.Draft(ctx, operator, typ); err == nil {
		draft.Rev = had.Rev
	} else if !hasCode(err, collections.NotFound) {
		return err
	}
	_, err := l.engine.SaveDraft(ctx, operator, draft)
	return err
}

func (l *localTarget) publishDraft(ctx context.Context, typ string) (int, error) {
	t, _, err := l.engine.Publish(ctx, operator, typ, nil)
	if err != nil {
		return 0, err
	}
	return t.Version, nil
}

func (l *localTarget) write(ctx context.Context, typ string, writes []collections.Write) ([]collections.WriteResult, error) {
	return l.engine.WriteAll(ctx, operator, typ, writes)
}

func (l *localTarget) page(ctx context.Context, typ, after string) ([]map[string]any, string, error) {
	page, err := l.engine.List(ctx, operator, typ, collections.ListRequest{After: after, Limit: 500})
	if err != nil {
		return nil, "", err
	}
	docs := make([]map[string]any, len(page.Documents))
	for i, d := range page.Documents {
		docs[i] = map[string]any{"id": d.ID, "value": d.Value}
	}
	return docs, page.Next, nil
}

func (l *localTarget) close() error { return l.engine.Close(context.Background()) }

func hasCode(err error, code collections.Code) bool {
	var e *collections.Error
	return errors.As(err, &e) && e.Code == code
}

// remoteTarget works on a running server.
type remoteTarget struct{ *remote }

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

func (r remoteTarget) types(ctx context.Context) ([]typeVersion, error) {
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

func (r remoteTarget) latest(ctx context.Context, typ string) (*schema.Schema, int, error) {
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

func (r remoteTarget) saveDraft(ctx context.Context, typ string, text []byte) error {
	var had struct{ Rev uint64 }
	if err := r.call(ctx, http.MethodGet, typePath(typ)+"/draft", nil, &had); err != nil && !isStatus(err, http.StatusNotFound) {
		return err
	}
	draft := map[string]any{"rev": had.Rev, "schema": json.RawMessage(text)}
	return r.call(ctx, http.MethodPut, typePath(typ)+"/draft", draft, nil)
}

func (r remoteTarget) publishDraft(ctx context.Context, typ string) (int, error) {
	var published struct{ Version int }
	err := r.call(ctx, http.MethodPost, typePath(typ)+"/publish", map[string]any{}, &published)
	return published.Version, err
}

// publish saves a draft and makes it the type's next version.
func publish(ctx context.Context, t target, typ string, text []byte) (version int, err error) {
	if err := t.saveDraft(ctx, typ, text); err != nil {
		return 0, err
	}
	return t.publishDraft(ctx, typ)
}

func (r remoteTarget) write(ctx context.Context, typ string, writes []collections.Write) ([]collections.WriteResult, error) {
	added := make([]map[string]any, len(writes))
	for i, w := range writes {
		if w.Modify || w.Remove {
			return nil, fmt.Errorf("only new records can be written to a server from here")
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

func (r remoteTarget) page(ctx context.Context, typ, after string) ([]map[string]any, string, error) {
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

func (r remoteTarget) close() error { return nil }

// ownLimits are for what the person at this machine hands in: larger than what comes
// over a network.
var ownLimits = crdt.Limits{Bytes: 64 << 20, Nodes: 5_000_000, String: 16 << 20}
