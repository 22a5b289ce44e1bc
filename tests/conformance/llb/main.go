// Prints BuildKit's own plan of Dockerfiles: one path a line on standard input, one JSON object a
// line on standard output.
//
// Base images are not asked for: each has PATH, a command and the working directory `/`.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	digest "github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

const baseConfig = `{"architecture":"amd64","os":"linux","config":{` +
	`"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],` +
	`"Cmd":["/bin/base"],"WorkingDir":"/"},"rootfs":{"type":"layers","diff_ids":[]}}`

type resolver struct{}

func (resolver) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	return ref, digest.FromString(ref), []byte(baseConfig), nil
}

// A plan: the operations in order with the digest of each, and the image's configuration.
type plan struct {
	Path    string          `json:"path"`
	Error   string          `json:"error,omitempty"`
	Ops     []*pb.Op        `json:"ops,omitempty"`
	Digests []string        `json:"digests,omitempty"`
	Image   json.RawMessage `json:"image,omitempty"`
}

func planOf(ctx context.Context, path string) (result plan) {
	result.Path = path
	defer func() {
		if trouble := recover(); trouble != nil {
			result.Error = fmt.Sprint("panic: ", trouble)
		}
	}()
	if err := result.read(ctx); err != nil {
		result.Error = err.Error()
	}
	return
}

func (result *plan) read(ctx context.Context) error {
	text, err := os.ReadFile(result.Path)
	if err != nil {
		return err
	}
	caps := pb.Caps.CapSet(pb.Caps.All())
	platform := ocispecs.Platform{OS: "linux", Architecture: "amd64"}
	state, image, _, _, err := dockerfile2llb.Dockerfile2LLB(ctx, text, dockerfile2llb.ConvertOpt{
		Config:         dockerui.Config{BuildPlatforms: []ocispecs.Platform{platform}},
		MetaResolver:   resolver{},
		TargetPlatform: &platform,
		LLBCaps:        &caps,
	})
	if err != nil {
		return err
	}
	definition, err := state.Marshal(ctx, llb.LinuxAmd64)
	if err != nil {
		return err
	}
	for _, data := range definition.Def {
		op := &pb.Op{}
		if err := op.Unmarshal(data); err != nil {
			return err
		}
		result.Ops = append(result.Ops, op)
		result.Digests = append(result.Digests, digest.FromBytes(data).String())
	}
	if image != nil {
		image.History = nil
		image.Created = nil
		result.Image, err = json.Marshal(image)
	}
	return err
}

func main() {
	paths := bufio.NewScanner(os.Stdin)
	plans := json.NewEncoder(os.Stdout)
	for paths.Scan() {
		if err := plans.Encode(planOf(context.Background(), paths.Text())); err != nil {
			panic(err)
		}
	}
}
