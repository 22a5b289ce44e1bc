-- What a user does after the documented settings were read: looks, fixes everything, writes the file.
local function say(key, value)
  io.stdout:write(vim.json.encode({ [key] = value }) .. "\n")
end

vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 50)
say("diagnostics", vim.tbl_map(function(one) return one.code end, vim.diagnostic.get(0)))
vim.api.nvim_win_set_cursor(0, { 2, 0 })
vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes("<Leader>f", true, false, true), "mx", false)
vim.wait(30000, function() return vim.api.nvim_buf_get_lines(0, 1, 2, false)[1]:match("^LABEL") end, 50)
vim.cmd("silent write")
say("written", vim.fn.readfile(vim.fn.expand("%")))
vim.cmd("quitall!")
