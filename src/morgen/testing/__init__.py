"""How others prove theirs: public fakes and the conformance kits."""
