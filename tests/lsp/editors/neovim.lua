-- Drives the language server in Neovim and prints what came of it, a line of JSON each.
-- LSP_CMD='["dflint", "lsp"]' nvim --headless -u NONE -i NONE -c "luafile neovim.lua" Dockerfile

local function say(key, value)
  io.stdout:write(vim.fn.json_encode({ [key] = value }) .. "\n")
end

local function wait_for(condition)
  return vim.wait(20000, condition, 20)
end

vim.bo.filetype = "dockerfile"
local id = vim.lsp.start_client({
  cmd = vim.fn.json_decode(vim.env.LSP_CMD),
  root_dir = vim.fn.getcwd(),
  name = "dflint",
})
vim.lsp.buf_attach_client(0, id)
local client = vim.lsp.get_client_by_id(id)
wait_for(function() return client.initialized end)

local function codes()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, one.user_data and one.user_data.lsp and one.user_data.lsp.code or one.code)
  end
  table.sort(found)
  return found
end

wait_for(function() return #vim.diagnostic.get(0) > 0 end)
say("diagnostics", codes())

local function request(method, extra)
  local params = vim.tbl_extend("force", vim.lsp.util.make_position_params(), extra or {})
  local answers = vim.lsp.buf_request_sync(0, method, params, 20000)
  for _, answer in pairs(answers or {}) do return answer.result end
end

-- A quick fix for the finding on the second line.
vim.api.nvim_win_set_cursor(0, { 2, 0 })
local actions = request("textDocument/codeAction", {
  range = { start = { line = 1, character = 0 }, ["end"] = { line = 1, character = 3 } },
  context = { diagnostics = {} },
})
say("action", actions[1].title)
vim.lsp.util.apply_workspace_edit(actions[1].edit, client.offset_encoding)
say("fixed", vim.api.nvim_buf_get_lines(0, 0, -1, false))

-- The finding goes as soon as the text has changed.
wait_for(function() return not vim.tbl_contains(codes(), "maintainer-deprecated") end)
say("after", codes())

vim.lsp.buf.formatting_sync({ tabSize = 4, insertSpaces = true }, 20000)
say("formatted", vim.api.nvim_buf_get_lines(0, 0, -1, false))

client.stop()
wait_for(function() return client.is_stopped() end)
say("stopped", client.is_stopped())
vim.cmd("qall!")
