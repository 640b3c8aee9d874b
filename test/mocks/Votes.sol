// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC6372Utils} from "@openzeppelin/contracts/utils/ERC6372Utils.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

/// @notice Votes by timestamps, as the Foundation Coin. Anyone can mint, and borrow for one transaction.
contract VotesToken is ERC20Votes {
    error LoanNotRepaid();

    constructor() ERC20("Votes", "VOTES") EIP712("Votes", "1") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function lend(FlashVoter borrower, uint256 amount, uint256 proposalId) external {
        _mint(address(borrower), amount);
        borrower.onLoan(proposalId);
        _burn(address(borrower), amount);
    }

    function decimals() public pure override returns (uint8) {
        return 8;
    }

    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public view override returns (string memory) {
        return ERC6372Utils.timestampClockMode(clock);
    }
}

/// @notice Votes with coins borrowed for one transaction.
contract FlashVoter {
    IGovernor private immutable GOVERNOR;

    constructor(IGovernor governor, VotesToken token) {
        GOVERNOR = governor;
        token.delegate(address(this));
    }

    function onLoan(uint256 proposalId) external {
        GOVERNOR.castVote(proposalId, 1);
    }
}
